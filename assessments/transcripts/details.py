"""What documents say beside the ledger's lines: outcomes, identity, names, licences, credit from elsewhere."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.assignments.queries import ASSIGNMENT, MODULE
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.evidence.queries import POSTED, SUBMISSION
from assessments.grading.models import Outcome
from assessments.grading.queries import DECISION_LINE
from assessments.identity_checks.models import CheckMethod
from assessments.identity_checks.queries import newest_check
from assessments.licences.queries import licences_of
from assessments.names.queries import Called, called
from assessments.rubrics.queries import COMPETENCY, CRITERION
from assessments.stated.queries import stated_of
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import IdentityEvidence, LicenceShown, OutcomeMet, StatedLine
from assessments.transcripts.record import Record
from assessments.transcripts.scope import Options, Scope

METHODS = {
    CheckMethod.DOCUMENT_IN_PERSON: "identity document seen in person",
    CheckMethod.DOCUMENT_BY_VIDEO: "identity document seen by video",
    CheckMethod.EMPLOYER: "confirmed by the employer",
    CheckMethod.LICENCE_REGISTER: "compared with a licence register",
    CheckMethod.ELECTRONIC_ID: "electronic identification",
}

# Competencies by whose criteria posted decisions found the work of a line's module to be demonstrated.
_OUTCOMES: Select[Any] = (
    select(ENTRY.c.id, COMPETENCY.c.key, COMPETENCY.c.title)
    .distinct()
    .join_from(LEDGER, ENTRY, ENTRY.c.ledger_id == LEDGER.c.id)
    .join(SUBMISSION, SUBMISSION.c.enrolment_id == ENTRY.c.enrolment_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, (MODULE.c.id == ASSIGNMENT.c.module_id) & (MODULE.c.number == ENTRY.c.module_number))
    .join(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .join(DECISION_LINE, DECISION_LINE.c.decision_id == POSTED.c.decision_id)
    .join(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id)
    .join(COMPETENCY, COMPETENCY.c.id == CRITERION.c.competency_id)
    .where(
        LEDGER.c.person_id == bindparam("person"),
        ENTRY.c.kind != EntryKind.REVERSAL,
        POSTED.c.outcome == Outcome.DEMONSTRATED,
        DECISION_LINE.c.met,
    )
    .order_by(ENTRY.c.id, COMPETENCY.c.title, COMPETENCY.c.key)
)


def detailed(conn: Connection, person_id: str, record: Record, options: Options, now: datetime) -> Record:
    """The record with what documents say besides, `now` by the school's clock. At most four statements."""
    outcomes = outcomes_of(conn, person_id, now)
    identity = _identity(conn, person_id)
    names = called(conn, [person_id])[person_id] if options.names else None
    learner = replace(record.learner, licences=_licences(conn, person_id, options.licences))
    lines = (_detailed(line, outcomes, identity, names) for line in record.lines)
    return replace(record, learner=learner, lines=tuple(lines))


def outcomes_of(conn: Connection, person_id: str, now: datetime) -> dict[str, tuple[OutcomeMet, ...]]:
    """The competencies that were demonstrated, by the ledger entry of their module; one statement."""
    found: dict[str, tuple[OutcomeMet, ...]] = {}
    for row in conn.execute(_OUTCOMES, {"person": person_id, "now": now}):
        found[row.id] = (*found.get(row.id, ()), OutcomeMet(key=row.key, title=row.title))
    return found


def stated_lines(conn: Connection, person_id: str, scope: Scope) -> tuple[StatedLine, ...]:
    """Credit from elsewhere whose day is within the scope; one statement."""
    return tuple(
        StatedLine(
            title=row.title,
            provider=row.provider,
            provider_number=row.provider_number,
            category=row.category,
            mode=row.mode,
            place=row.place,
            instructor=row.instructor,
            completed_on=row.completed_on,
            minutes=row.minutes,
            said=row.said,
        )
        for row in stated_of(conn, person_id, scope.since, scope.end)
    )


def _detailed(
    line: TranscriptLine,
    outcomes: dict[str, tuple[OutcomeMet, ...]],
    identity: IdentityEvidence | None,
    names: Called | None,
) -> TranscriptLine:
    then = names.on(line.completed_on) if names else ""
    return replace(
        line,
        outcomes=outcomes.get(line.entry, ()) if line.status.counts else (),
        identity=identity,
        earned_as=then if names and then != names.name else "",
    )


def _identity(conn: Connection, person_id: str) -> IdentityEvidence | None:
    check = newest_check(conn, person_id)
    if check is None:
        return None
    result = "confirmed" if check.passed else "not confirmed"
    return IdentityEvidence(method=METHODS[check.method], checked_on=check.checked_on, result=result)


def _licences(conn: Connection, person_id: str, chosen: Collection[str]) -> tuple[LicenceShown, ...]:
    if not chosen:
        return ()
    return tuple(
        LicenceShown(
            profession=row.profession,
            jurisdiction=row.jurisdiction,
            number=row.number,
            source=row.source,
            checked_on=row.checked_on,
        )
        for row in licences_of(conn, person_id)
        if row.id in chosen
    )
