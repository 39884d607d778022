"""A credential as VC-JWT (Open Badges 3.0, section 8.2): compact form, RS256, the payload is the credential itself.

Whoever reads one gets no choice of algorithm and no key from the file: a header with anything but `alg`, `kid` and
`typ` is refused before the signature is looked at.
"""

import base64
import binascii
import json
from typing import Any, Final, Protocol

from assessments.badges.plain import MAX_RECORD_BYTES, UnreadableError, read_json
from assessments.badges.proof import issuer_id
from assessments.badges.sentences import Sentence, why_of
from assessments.badges.times import parse_instant
from fourweek.language import N_
from fourweek.light import dataclass

ALGORITHM: Final = "RS256"
MAX_HEADER: Final = 2000
MAX_SIGNATURE: Final = 1024
MAX_JWT: Final = (MAX_HEADER + MAX_RECORD_BYTES + MAX_SIGNATURE) * 4 // 3 + 8
CLAIMS: Final = ("iss", "jti", "nbf", "sub", "exp")
"""What a payload says beside the credential's own fields, each equal to one of them."""


class JwtError(ValueError):
    """Not a VC-JWT of the one kind that is taken; says why in a sentence."""


class JwtSigner(Protocol):
    """A private RSA key."""

    def sign(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256."""


class JwtKey(Protocol):
    """A public RSA key."""

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature, RSASSA-PKCS1-v1_5 with SHA-256, is over these bytes."""


@dataclass(frozen=True, slots=True)
class Jwt:
    """The three parts, decoded; nothing is known yet of whether the signature holds."""

    header: dict[str, str]
    payload: dict[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def kid(self) -> str:
        return self.header["kid"]

    @property
    def credential(self) -> dict[str, Any]:
        """The payload without the claims that only repeat it."""
        return {name: value for name, value in self.payload.items() if name not in CLAIMS}


def sign_jwt(document: dict[str, Any], key: JwtSigner, kid: str) -> str:
    """The credential, without any embedded proof, in compact form. Raises JwtError if a claim has no field to equal."""
    credential = {name: value for name, value in document.items() if name != "proof"}
    header = {"alg": ALGORITHM, "kid": kid, "typ": "JWT"}
    signing_input = f"{_pack(_compact(header))}.{_pack(_compact({**credential, **claims_of(credential)}))}"
    return f"{signing_input}.{_pack(key.sign(signing_input.encode('ascii')))}"


def claims_of(credential: dict[str, Any]) -> dict[str, str | int]:
    """`iss`, `jti`, `nbf`, `sub` and, where the credential ends, `exp`. Raises JwtError for a field that is missing."""
    subject = credential.get("credentialSubject")
    named = {
        "iss": issuer_id(credential),
        "jti": credential.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
    }
    claims: dict[str, str | int] = {name: value for name, value in named.items() if isinstance(value, str) and value}
    if len(claims) != len(named):
        raise JwtError(N_("It does not name its issuer, itself and its subject."))
    claims["nbf"] = _seconds(credential.get("validFrom"))
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return claims


def wrong_claims(jwt: Jwt) -> tuple[str, ...]:
    """The claims that are missing or say something else than the credential's own field."""
    wanted = claims_of(jwt.credential)
    said = {name: jwt.payload[name] for name in CLAIMS if name in jwt.payload}
    return tuple(name for name in CLAIMS if not _same(said.get(name), wanted.get(name)))


def read_jwt(text: str) -> Jwt:
    """A compact JWS of our kind, decoded. Raises JwtError for every other kind, also where one spelling is not ours."""
    parts = text.strip().split(".") if len(text) <= MAX_JWT else []
    if len(parts) != 3:
        raise JwtError(N_("It does not have the three parts of a signed token."))
    header, payload, signature = (_unpack(part) for part in parts)
    if not 0 < len(signature) <= MAX_SIGNATURE or len(header) > MAX_HEADER:
        raise JwtError(N_("Its header or signature does not have the size of one."))
    return Jwt(_header(header), _object(payload), f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def claimed(text: str) -> dict[str, Any]:
    """What a token of any kind says in its payload, to name it by; {} if that cannot be read. Nothing of it is sure."""
    parts = text.strip().split(".") if len(text) <= MAX_JWT else []
    try:
        return _object(_unpack(parts[1])) if len(parts) == 3 else {}
    except JwtError:
        return {}


def jwt_holds(jwt: Jwt, public_key: JwtKey) -> bool:
    """Whether this key made this signature. Claims, dates and whose key it is are other questions."""
    return public_key.verifies(jwt.signing_input, jwt.signature)


def _header(data: bytes) -> dict[str, str]:
    header = _object(data)
    if odd := sorted(set(header) - {"alg", "kid", "typ"}):
        raise JwtError(Sentence(N_("Its header names {names}, which is not taken from a file."), names=", ".join(odd)))
    if header.get("alg") != ALGORITHM:
        raise JwtError(Sentence(N_("It is not signed in the one way that is taken here ({way})."), way=ALGORITHM))
    if header.get("typ", "JWT") != "JWT":
        raise JwtError(N_("Its header does not say that it is a JWT."))
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise JwtError(N_("Its header does not say which key signed it."))
    return header


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = read_json(data, most=MAX_RECORD_BYTES)
    except UnreadableError as error:
        raise JwtError(why_of(error)) from None
    if not isinstance(value, dict):
        raise JwtError(N_("A part of it is no JSON object."))
    return value


def _seconds(value: object) -> int:
    instant = parse_instant(value)
    if instant is None or instant.microsecond:
        raise JwtError(N_("Its dates cannot be read as whole seconds."))
    return int(instant.timestamp())


def _same(said: object, wanted: object) -> bool:
    return type(said) is type(wanted) and said == wanted


def _compact(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def _pack(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _unpack(part: str) -> bytes:
    """Base64url without padding, in its one proper spelling."""
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise JwtError(N_("A part of it is not written in base64url.")) from None
    if _pack(data) != part:
        raise JwtError(N_("A part of it is not written in base64url."))
    return data
