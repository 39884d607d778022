"""How a badge of ours stands in our record, added to what its file alone can tell."""

from datetime import datetime
from typing import Final

from assessments.badges.checks import Check, Outcome, Report, Step, Verdict, with_checks
from assessments.badges.sentences import Sentence
from fourweek.language import N_
from fourweek.light import dataclass

HOLDS: Final = (Verdict.VALID, Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.REVOKED)
"""What a file whose signature fits can come to; only then its place in the record means anything."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What our record says of an award, and of the form at hand.

    `form` is the number of the form that was looked at, 0 if we never made it; `newest` that of the one that holds, or
    that is being signed; `why` says in sentences why forms were made after it. `renewed_at` is when its earner got a
    newer badge for the same.
    """

    form: int
    newest: int
    why: tuple[str, ...] = ()
    revoked_at: datetime | None = None
    revoked_why: str = ""
    withdrawn_at: datetime | None = None
    renewed_at: datetime | None = None


def in_record(report: Report, standing: Standing | None) -> Report:
    """The report with status and newest form looked up; `None`: our record has no such badge.

    A file that was altered, or that is not ours, is not looked up.
    """
    if not report.ours or report.verdict not in HOLDS:
        return report
    if standing is None or not standing.form:
        sentence = N_("It is signed with a key of ours, but our record holds no such badge.")
        return with_checks(report, Verdict.UNKNOWN, Check(Step.NEWEST, Outcome.FAILED, sentence))
    status, newest = _status(standing), _newest(standing)
    return with_checks(report, _verdict(report.verdict, standing), status, newest)


def _verdict(file: Verdict, standing: Standing) -> Verdict:
    """What weighs most comes first. A revoked key is made good by the record, which knows the form."""
    if standing.withdrawn_at is not None:
        return Verdict.WITHDRAWN
    if standing.revoked_at is not None:
        return Verdict.REVOKED
    if standing.form != standing.newest:
        return Verdict.SUPERSEDED
    return Verdict.SUPERSEDED if file is Verdict.VALID and standing.renewed_at else file


def _status(standing: Standing) -> Check:
    if standing.withdrawn_at is not None:
        said = Sentence(N_("It was withdrawn on {when}."), when=standing.withdrawn_at)
        return Check(Step.STATUS, Outcome.FAILED, said)
    if standing.revoked_at is not None:
        return Check(Step.STATUS, Outcome.FAILED, _revoked(standing.revoked_at, standing.revoked_why))
    return Check(Step.STATUS, Outcome.PASSED, N_("Looked up in our record."))


def _revoked(at: datetime, why: str) -> str:
    if not why:
        return Sentence(N_("It was revoked on {when}."), when=at)
    return Sentence(N_("It was revoked on {when}. Reason: {why}"), when=at, why=why)


def _newest(standing: Standing) -> Check:
    if standing.form == standing.newest:
        return _renewed(standing.renewed_at)
    said = N_("It was stated anew since.")
    if standing.why:
        said = Sentence(N_("It was stated anew since. {why}"), why=standing.why)
    return Check(Step.NEWEST, Outcome.FAILED, said)


def _renewed(at: datetime | None) -> Check:
    if at is None:
        return Check(Step.NEWEST, Outcome.PASSED)
    said = Sentence(N_("Whoever earned it got a newer badge for the same on {when}."), when=at)
    return Check(Step.NEWEST, Outcome.FAILED, said)
