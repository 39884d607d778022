"""Checking a badge that comes as VC-JWT: the key is ours or none, and the claims say what the badge says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assessments.badges.checks import (
    NONE_REVOKED,
    Check,
    Outcome,
    Report,
    Revoked,
    Shape,
    Step,
    Verdict,
    check_contexts,
    check_revoked,
    check_signature,
    no_badge,
    whole_report,
    wrong_shape,
)
from assessments.badges.did_key import key_in_did
from assessments.badges.jwt import Jwt, JwtError, JwtKey, claimed, jwt_holds, read_jwt, wrong_claims
from assessments.badges.proof import issuer_id
from assessments.badges.sentences import Sentence, why_of
from fourweek.language import N_

JwtIssuers = Mapping[str, Mapping[str, JwtKey]]
"""Issuer id (a DID) → {`kid` as its tokens name it: the public RSA key}."""


def check_jwt(
    text: str,
    *,
    issuers: JwtIssuers,
    now: datetime,
    revoked: Revoked = NONE_REVOKED,
    shape: Shape = wrong_shape,
) -> Report:
    """Check a compact VC-JWT. Never raises for anything in it, fetches nothing, and takes no key out of it.

    `shape` says why it is not what is looked for, a badge unless given.
    """
    try:
        jwt = read_jwt(text)
    except JwtError as error:
        return _refused(text, why_of(error), issuers, now, shape)
    credential = jwt.credential
    if wrong := _wrong_shape(jwt.payload, shape):
        return no_badge(wrong)
    issuer = issuer_id(credential)
    signed, found = _signed(jwt, issuer, issuers.get(issuer, {}), revoked)
    return _report(credential, signed, found, issuers, now)


def _refused(text: str, why: str, issuers: JwtIssuers, now: datetime, shape: Shape) -> Report:
    """A token whose header, or spelling, is none of ours: nobody signed it, as far as we are concerned."""
    said = claimed(text)
    if not said:
        return no_badge(why)
    if wrong := _wrong_shape(said, shape):
        return no_badge(wrong)
    return _report(said, (Check(Step.SIGNATURE, Outcome.FAILED, why),), Verdict.CANNOT_CHECK, issuers, now)


def _report(
    credential: dict[str, Any], signed: Sequence[Check], found: Verdict, issuers: JwtIssuers, now: datetime
) -> Report:
    """Keys that travel in an issuer's own id are none that tokens are signed with."""
    issuer = issuer_id(credential)
    ours, found = issuer in issuers, found if issuer in issuers else Verdict.CANNOT_CHECK
    checks = [check_contexts(credential), *signed]
    return whole_report(credential, checks, found, ours=ours, known=ours or bool(key_in_did(issuer)), now=now)


def _wrong_shape(payload: dict[str, Any], shape: Shape) -> str:
    if isinstance(payload.get("vc"), dict):
        return N_(
            "It is a token of an earlier version, which wraps the badge into a claim “vc”. It is not looked at here."
        )
    return shape(payload)


def _signed(jwt: Jwt, issuer: str, keys: Mapping[str, JwtKey], revoked: Revoked) -> tuple[Sequence[Check], Verdict]:
    key = keys.get(jwt.kid)
    if key is None:
        return (Check(Step.ISSUER_KEY, Outcome.FAILED, _key_needed(jwt.kid, issuer, keys)),), Verdict.VALID
    key_check, found = check_revoked([jwt.kid.rpartition("/")[2]], revoked)
    return (key_check, _claims(jwt), check_signature(fits=jwt_holds(jwt, key))), found


def _key_needed(kid: str, issuer: str, keys: Mapping[str, JwtKey]) -> str:
    if not keys:
        return Sentence(
            N_("We know no such key of {issuer}. To check it, one needs {key} from there."), issuer=issuer, key=kid
        )
    return Sentence(N_("It names the key {key}, which is none that we know of {issuer}."), key=kid, issuer=issuer)


def _claims(jwt: Jwt) -> Check:
    """The signature covers all of a token; what it says twice must be the same both times."""
    try:
        wrong = wrong_claims(jwt)
    except JwtError as error:
        return Check(Step.TERMS, Outcome.FAILED, why_of(error))
    if wrong:
        said = Sentence(N_("Its {claims} differs from what the badge says itself."), claims=", ".join(wrong))
        return Check(Step.TERMS, Outcome.FAILED, said)
    if "proof" in jwt.credential:
        return Check(Step.TERMS, Outcome.FAILED, N_("It carries a second proof inside."))
    return Check(Step.TERMS, Outcome.PASSED)
