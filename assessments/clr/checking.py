"""Is this a learner record, is it as its issuer signed it, and is each credential in it? Answered without any network.

The record's own signature covers all that is inside, but in the one graph of it the same statement may stand twice: so
every credential inside is checked on its own too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from assessments.badges.checks import (
    NONE_REVOKED,
    Check,
    Issuers,
    Outcome,
    Report,
    Revoked,
    Step,
    Verdict,
    check_credential,
    with_checks,
)
from assessments.badges.jwt import JwtError, read_jwt
from assessments.badges.jwt_checks import JwtIssuers, check_jwt
from assessments.badges.plain import MAX_LIST, is_record
from assessments.badges.proof import issuer_id
from assessments.badges.sentences import Sentence
from fourweek.language import N_
from fourweek.light import dataclass

TITLE: Final = N_("It is a learner record (CLR 2.0)")
NOT_OPENED: Final = (Verdict.ALTERED, Verdict.ISSUER_UNKNOWN, Verdict.CANNOT_CHECK)
NOT_GENUINE: Final = (Verdict.ALTERED, Verdict.NOT_A_BADGE, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was found of the whole, which is altered if something inside is, and of each credential inside in order.

    Nothing inside is looked at where the whole is not genuine.
    """

    whole: Report
    inside: tuple[Report, ...] = ()


def check_record(content: object, *, issuers: Issuers, now: datetime, revoked: Revoked = NONE_REVOKED) -> RecordReport:
    """Check a parsed file with embedded proofs. Never raises for anything in it."""
    whole = check_credential(content, issuers=issuers, now=now, revoked=revoked, shape=wrong_record)
    return _with_inside(whole, content, issuers, now, revoked)


def check_record_jwt(
    token: str, *, tokens: JwtIssuers, issuers: Issuers, now: datetime, revoked: Revoked = NONE_REVOKED
) -> RecordReport:
    """Check a record that comes as VC-JWT; the credentials inside have embedded proofs. Never raises for the token."""
    whole = check_jwt(token, issuers=tokens, now=now, revoked=revoked, shape=wrong_record)
    try:
        content = read_jwt(token).credential
    except JwtError:
        return RecordReport(whole)
    return _with_inside(whole, content, issuers, now, revoked)


def wrong_record(content: object) -> str:
    """Why this is no learner record, leaving out how it is signed; "" if it looks like one."""
    if not isinstance(content, dict) or not is_record(content) or "VerifiableCredential" not in content["type"]:
        return N_("It does not say that it is a learner record (CLR 2.0).")
    if not credentials_in(content):
        return N_("It holds no credentials.")
    return "" if issuer_id(content) else N_("It does not say who issued it.")


def credentials_in(content: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The credentials inside; none where they are not a list of objects, or more than any record holds."""
    subject = content.get("credentialSubject")
    inside = subject.get("verifiableCredential") if isinstance(subject, dict) else None
    if not isinstance(inside, list) or len(inside) > MAX_LIST or not all(isinstance(one, dict) for one in inside):
        return ()
    return tuple(inside)


def _with_inside(whole: Report, content: object, issuers: Issuers, now: datetime, revoked: Revoked) -> RecordReport:
    """What is inside is looked at only where the whole is genuine: nobody makes us work through what nobody signed."""
    if whole.verdict is Verdict.NOT_A_BADGE or not isinstance(content, dict):
        return RecordReport(whole)
    held = credentials_in(content)
    said = N_("It holds one credential.")
    if len(held) > 1:
        said = Sentence(N_("It holds {number} credentials."), number=len(held))
    found = with_checks(whole, whole.verdict, Check(Step.SHAPE, Outcome.PASSED, said, called=TITLE))
    if whole.verdict in NOT_OPENED:
        return RecordReport(found)
    inside = tuple(check_credential(one, issuers=issuers, now=now, revoked=revoked) for one in held)
    altered = sum(report.verdict in NOT_GENUINE for report in inside)
    if altered:
        why = Sentence(
            N_("{number} of the {all} credentials inside are not as they were signed."), number=altered, all=len(inside)
        )
        found = with_checks(found, Verdict.ALTERED, Check(Step.SIGNATURE, Outcome.FAILED, why))
    return RecordReport(found, inside)
