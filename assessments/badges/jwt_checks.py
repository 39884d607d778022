"""Checking a badge that comes as VC-JWT: the key is ours or none, and the claims say what the badge says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assessments.badges.checks import (
    NONE_REVOKED,
    Check,
    Outcome,
    Report,
    Revoked,
    Step,
    Verdict,
    check_contexts,
    check_revoked,
    check_signature,
    no_badge,
    whole_report,
    wrong_shape,
)
from assessments.badges.jwt import Jwt, JwtError, JwtKey, jwt_holds, read_jwt, wrong_claims
from assessments.badges.proof import issuer_id

JwtIssuers = Mapping[str, Mapping[str, JwtKey]]
"""Issuer id (a DID) → {`kid` as its tokens name it: the public RSA key}."""


def check_jwt(text: str, *, issuers: JwtIssuers, now: datetime, revoked: Revoked = NONE_REVOKED) -> Report:
    """Check a compact VC-JWT. Never raises for anything in it, fetches nothing, and takes no key out of it."""
    try:
        jwt = read_jwt(text)
    except JwtError as error:
        return no_badge(str(error))
    credential = jwt.credential
    if wrong := wrong_shape(credential):
        return no_badge(_in_a_claim(jwt) or wrong)
    issuer = issuer_id(credential)
    keys = issuers.get(issuer, {})
    signed, found = _signed(jwt, issuer, keys, revoked)
    checks = [check_contexts(credential), *signed]
    return whole_report(credential, checks, found, ours=issuer in issuers, known=bool(keys), now=now)


def _in_a_claim(jwt: Jwt) -> str:
    if not isinstance(jwt.payload.get("vc"), dict):
        return ""
    return "It is a token of an earlier version, which wraps the badge into a claim “vc”. It is not looked at here."


def _signed(jwt: Jwt, issuer: str, keys: Mapping[str, JwtKey], revoked: Revoked) -> tuple[Sequence[Check], Verdict]:
    key = keys.get(jwt.kid)
    if key is None:
        return (Check(Step.ISSUER_KEY, Outcome.FAILED, _key_needed(jwt.kid, issuer, keys)),), Verdict.VALID
    key_check, found = check_revoked([jwt.kid.rpartition("/")[2]], revoked)
    return (key_check, _claims(jwt), check_signature(fits=jwt_holds(jwt, key))), found


def _key_needed(kid: str, issuer: str, keys: Mapping[str, JwtKey]) -> str:
    if not keys:
        return f"We know no such key of {issuer}. To check it, one needs {kid} from there."
    return f"It names the key {kid}, which is none that we know of {issuer}."


def _claims(jwt: Jwt) -> Check:
    """The signature covers all of a token; what it says twice must be the same both times."""
    try:
        wrong = wrong_claims(jwt)
    except JwtError as error:
        return Check(Step.TERMS, Outcome.FAILED, str(error))
    if wrong:
        return Check(Step.TERMS, Outcome.FAILED, f"Its {', '.join(wrong)} differs from what the badge says itself.")
    if "proof" in jwt.credential:
        return Check(Step.TERMS, Outcome.FAILED, "It carries a second proof inside.")
    return Check(Step.TERMS, Outcome.PASSED)
