"""Who grades a section, and who must not judge whose work: kept by those who run the cohort, or stated by a grader."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from assessments.allocation.conflicts import CONFLICT
from assessments.allocation.graders import CLAIM, SECTION_GRADER, SUBMISSION, graders_of
from assessments.allocation.models import Conflict, SectionGrader
from assessments.evidence.members import MEMBER, members_of
from assessments.evidence.models import SubmissionState
from assessments.grading.access import held_submission, need_grader
from courses.cohorts.access import staff_cohort
from courses.enrolment.access import ENROLMENT, SECTION
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_once, new_id
from fourweek.errors import Invalid, NotFound
from fourweek.language import N_, _

LONGEST = 500
NO_GRADER = N_("Choose somebody who grades in this cohort.")
_HERE = select(ENROLMENT.c.id).where(ENROLMENT.c.cohort_id == bindparam("cohort"))
_LEARNS = select(_HERE.where(ENROLMENT.c.person_id == bindparam("person")).exists())
_SECTION = select(SECTION.c.id).where(SECTION.c.id == bindparam("section"), SECTION.c.cohort_id == bindparam("cohort"))
_KNOWN = select(CONFLICT.c.person_id).where(
    CONFLICT.c.grader_id == bindparam("grader"),
    CONFLICT.c.person_id.in_(bindparam("people", expanding=True)),
    CONFLICT.c.ended_at.is_(None),
)


def add_section_grader(conn: Connection, visitor: Visitor, cohort_id: str, section_id: str, grader_id: str) -> None:
    """Let somebody grade a section; from then on its work is given to its own graders alone. Raises Invalid."""
    staff_cohort(conn, visitor, cohort_id)
    wrong = {}
    if conn.execute(_SECTION, {"section": section_id, "cohort": cohort_id}).first() is None:
        wrong["section"] = _("Choose a section.")
    if not _grades(conn, cohort_id, grader_id, section_id):
        wrong["section_grader"] = _(NO_GRADER)
    if wrong:
        raise Invalid(wrong)
    if add_once(conn, SectionGrader(section_id=section_id, grader_id=grader_id)):
        _record(conn, visitor, "section_grader.add", "section", section_id, detail={"grader": grader_id})


def remove_section_grader(conn: Connection, visitor: Visitor, cohort_id: str, section_id: str, grader_id: str) -> None:
    """Take somebody off a section; what they were given stays theirs."""
    staff_cohort(conn, visitor, cohort_id)
    here = select(SECTION.c.id).where(SECTION.c.cohort_id == cohort_id)
    gone = delete(SECTION_GRADER).where(
        SECTION_GRADER.c.section_id == section_id,
        SECTION_GRADER.c.grader_id == grader_id,
        SECTION_GRADER.c.section_id.in_(here),
    )
    if conn.execute(gone).rowcount:
        _record(conn, visitor, "section_grader.remove", "section", section_id, detail={"grader": grader_id})


def keep_apart(conn: Connection, visitor: Visitor, cohort_id: str, grader_id: str, person_id: str, reason: str) -> None:
    """State that a grader must not judge a learner of the cohort: what they have of it goes to others.

    Raises Invalid.
    """
    staff_cohort(conn, visitor, cohort_id)
    wrong = {}
    if not _grades(conn, cohort_id, grader_id):
        wrong["grader"] = _(NO_GRADER)
    if not conn.execute(_LEARNS, {"cohort": cohort_id, "person": person_id}).scalar_one():
        wrong["person"] = _("Choose a learner of this cohort.")
    if len(reason) > LONGEST:
        wrong["reason"] = _too_long(reason)
    if wrong:
        raise Invalid(wrong)
    _state(conn, visitor, grader_id, [person_id], reason)


def end_conflict(conn: Connection, visitor: Visitor, cohort_id: str, conflict_id: str) -> None:
    """Let a grader judge a learner of the cohort again. Raises NotFound for what concerns no learner of it."""
    staff_cohort(conn, visitor, cohort_id)
    learns = exists(_HERE.where(ENROLMENT.c.person_id == CONFLICT.c.person_id).correlate(CONFLICT))
    ended = {"ended_at": visitor.now.real, "ended_by": visitor.me.id}
    one = (CONFLICT.c.id == conflict_id, learns)
    if conn.execute(select(CONFLICT.c.id).where(*one), {"cohort": cohort_id}).first() is None:
        raise NotFound
    target = update(CONFLICT).where(CONFLICT.c.id == conflict_id, CONFLICT.c.ended_at.is_(None))
    if conn.execute(target.values(ended)).rowcount:
        _record(conn, visitor, "conflict.end", "conflict", conflict_id)


def state_own(conn: Connection, visitor: Visitor, submission_id: str, reason: str) -> None:
    """The visitor must not judge whose work this is: it leaves their desk, with the draft kept, and goes to others.

    Raises NotFound as `held_submission` does, Forbidden for those who do not grade it, and Invalid.
    """
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if len(reason) > LONGEST:
        raise Invalid({"conflict": _too_long(reason)})
    _state(conn, visitor, visitor.me.id, members_of(conn, submission_id), reason)


def _state(conn: Connection, visitor: Visitor, grader_id: str, people: Iterable[str], reason: str) -> None:
    """Write down what is not known yet, and take what the grader has of these people's work off their desk."""
    people = list(people)
    known = set(conn.execute(_KNOWN, {"grader": grader_id, "people": people}).scalars())
    real, me = visitor.now.real, visitor.me.id
    for person in people:
        if person in known:
            continue
        row = Conflict(id=new_id(), grader_id=grader_id, person_id=person, reason=reason, stated_by=me, stated_at=real)
        add(conn, row)
        detail = {"grader": grader_id, "person": person}
        _record(conn, visitor, "conflict.state", "conflict", row.id, reason=reason, detail=detail)
    theirs = select(MEMBER.c.submission_id).where(MEMBER.c.person_id.in_(people))
    conn.execute(delete(CLAIM).where(CLAIM.c.grader_id == grader_id, CLAIM.c.submission_id.in_(theirs)))
    given = update(SUBMISSION).where(
        SUBMISSION.c.id.in_(theirs), SUBMISSION.c.given_to == grader_id, SUBMISSION.c.state == SubmissionState.SUBMITTED
    )
    conn.execute(given.values(given_to=None, given_by=None, given_at=None))


def _grades(conn: Connection, cohort_id: str, grader_id: str, section_id: str = "") -> bool:
    """Whether somebody grades in the cohort, or in this section of it."""
    found = (one for one in graders_of(conn, cohort_id) if one.id == grader_id)
    return any(not section_id or one.grades(section_id) for one in found)


def _too_long(reason: str) -> str:
    return _("This has {length} characters; at most {most} are kept. Shorten it.", length=len(reason), most=LONGEST)


def _record(
    conn: Connection,
    visitor: Visitor,
    act: str,
    kind: str,
    subject: str,
    *,
    reason: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    at, me = visitor.now.real, visitor.me.id
    record(conn, act, kind, subject, at=at, actor_id=me, reason=reason, detail=detail)
