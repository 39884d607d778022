"""Asking the provider: its description, its keys, and what a code is worth. Never inside a transaction.

OpenID Connect Core 3.1 (authorization code) with PKCE (RFC 7636, S256). Whatever goes wrong is Away, where trying again
may help, or Distrusted. What this imports is heavy: schools without a provider do without it.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from fourweek.accounts.openid.errors import Away, Distrusted
from fourweek.accounts.openid.rules import Asked, Claims, read_claims
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.settings import Settings

log = structlog.get_logger(__name__)

TIMEOUT: Final = 5.0
KNOWN_FOR: Final = timedelta(hours=1)
"""How long a description and keys are used without asking again."""
DOUBT: Final = 60
"""Seconds by which the provider's clock may differ from ours."""
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures with a public key: never `none`, never one with the secret that we know too."""
SCOPE: Final = "openid email profile"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Described:
    """What the provider says of itself, with its keys, and until when we believe it."""

    said: Mapping[str, Any]
    keys: Any
    until: datetime


_known: dict[str, Described] = {}


async def ask(settings: Settings, back: str, now: datetime) -> Asked:
    """A fresh request; `back` is the address that the browser returns to. Raises Away, or Distrusted."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    async with _client(settings, back) as client:
        described = await _described(client, settings.oidc_issuer, now)
        with _trouble():
            address, _unused = client.create_authorization_url(
                described.said["authorization_endpoint"], state=state, nonce=nonce[:64], code_verifier=verifier
            )
    return Asked(address, state, nonce[:64], verifier)


async def redeem(settings: Settings, back: str, code: str, *, verifier: str, nonce: str, now: datetime) -> Claims:
    """Whom the code of a browser that came back stands for. Raises Away, or Distrusted."""
    async with _client(settings, back) as client:
        described = await _described(client, settings.oidc_issuer, now)
        with _trouble():
            answer = await client.fetch_token(
                described.said["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
            token = await _decoded(client, settings.oidc_issuer, str(answer["id_token"]), described, now)
            params = {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": answer.get("access_token")}
            options: Any = {
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            }
            found = CodeIDToken(token.claims, token.header, options, params)
            found.validate(now=int(now.timestamp()), leeway=DOUBT)
            return read_claims(settings.oidc_issuer, found, settings.oidc_role_claim)


def forget() -> None:
    """Ask providers for their descriptions anew."""
    _known.clear()


def _client(settings: Settings, back: str) -> Any:
    return AsyncOAuth2Client(
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_client_secret.get_secret_value() else "none",
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=TIMEOUT,
        follow_redirects=False,
    )


async def _described(client: Any, issuer: str, now: datetime) -> Described:
    known = _known.get(issuer)
    if known is None or known.until <= now:
        with _trouble():
            said = await _json(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != issuer:
                raise ValueError("the provider calls itself otherwise")
            if not all(_fits(issuer, said[name]) for name in _ENDPOINTS):
                raise ValueError("an address of the provider is not https")
            known = Described(said, await _keys(client, said), now + KNOWN_FOR)
        _known[issuer] = known
    return known


async def _decoded(client: Any, issuer: str, token: str, described: Described, now: datetime) -> Any:
    """The token if its signature holds; where it does not, the keys may be others by now: they are asked for again."""
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        return jwt.decode(token, described.keys, registry=registry)
    except (InvalidKeyIdError, BadSignatureError):
        keys = await _keys(client, described.said)
        _known[issuer] = Described(described.said, keys, now + KNOWN_FOR)
        return jwt.decode(token, keys, registry=registry)


async def _keys(client: Any, said: Mapping[str, Any]) -> Any:
    return KeySet.import_key_set(await _json(client, said["jwks_uri"]))


async def _json(client: Any, address: str) -> Any:
    answer = await client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


def _fits(issuer: str, address: object) -> bool:
    """An address over TLS, unless the provider itself is without, which settings allow on this machine alone."""
    return isinstance(address, str) and (address.startswith("https://") or issuer.startswith("http://"))


@contextmanager
def _trouble() -> Iterator[None]:
    """Turns what may go wrong with a provider into Away or Distrusted, and says it in the log, without secrets."""
    try:
        yield
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        log.warning("sign-in provider away", problem=type(error).__name__)
        raise Away from None
    except httpx2.HTTPStatusError as error:
        log.warning("sign-in provider answers otherwise", status=error.response.status_code)
        raise Away from None
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("sign-in provider not believed", problem=f"{type(error).__name__}: {error}"[:300])
        raise Distrusted(_("What the sign-in provider said does not hold.")) from None
