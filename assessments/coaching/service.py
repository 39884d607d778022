"""The lead's side: beginning a talk nobody asked for, and closing one with what came of it."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from assessments.coaching.access import talk_of
from assessments.coaching.asking import LONGEST, NEWEST, opened_for, say_granted, say_too_long
from assessments.coaching.errors import Closed, NotAtEnd
from assessments.coaching.granted import COACHING
from assessments.coaching.queries import COHORT, ENROLMENT, in_scope
from assessments.evidence.queries import work_of_many
from assessments.grading.access import serves
from courses.coursework import WorkState
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Invalid, NotFound
from fourweek.language import _
from fourweek.language.stored import in_each_language
from fourweek.light import dataclass
from fourweek.outbox import post

MOST_EXTRA = 3
_THEIRS: Select[Any] = (
    select(ENROLMENT.c.id, COHORT.c.version_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(ENROLMENT.c.id == bindparam("enrolment"), *in_scope())
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a lead typed: what came of the talk, attempts granted beyond the limit, and why, for the record."""

    answer: str
    extra: str
    reason: str

    @property
    def problems(self) -> dict[str, str]:
        found = {}
        if not self.answer.strip():
            found["answer"] = _("Write what came of it; the learner reads this.")
        elif len(self.answer) > LONGEST:
            found["answer"] = say_too_long()
        if self.extra not in {str(number) for number in range(MOST_EXTRA + 1)}:
            found["extra"] = _("Choose a number from 0 to {most}.", most=MOST_EXTRA)
        elif self.extra != "0" and not self.reason.strip():
            found["reason"] = _("Say why further attempts are granted; it is kept with the record.")
        elif len(self.reason) > LONGEST:
            found["reason"] = say_too_long()
        return found


def begin(conn: Connection, visitor: Visitor, enrolment_id: str, key: str) -> str:
    """Open a coaching without the learner asking; the id of the open one where there is one already.

    Raises NotFound for whoever does not lead the cohort, and NotAtEnd while attempts are left.
    """
    values = serves(visitor, Permission.REVIEW_GRADES) | {"enrolment": enrolment_id.replace("\0", "")}
    lock(conn, ENROLMENT, values["enrolment"])
    theirs = conn.execute(_THEIRS, values).first()
    if theirs is None:
        raise NotFound
    newest = conn.execute(NEWEST, {"enrolment": theirs.id, "key": key}).first()
    if newest is not None and newest.closed_at is None:
        return str(newest.id)
    works = work_of_many(conn, {theirs.id: theirs.version_id}, visitor.now.school)[theirs.id]
    work = next((one for one in works if one.key == key), None)
    if work is None or work.attempts_left != 0 or work.state not in (WorkState.NOT_YET, WorkState.RETURNED):
        raise NotAtEnd
    return opened_for(conn, theirs.id, key, visitor).id


def close(conn: Connection, visitor: Visitor, coaching_id: str, typed: Closing) -> None:
    """Close a talk: further attempts count from now on, and the learner is told. Of two leads the first one wins.

    Raises NotFound, Invalid, and Closed for the second.
    """
    row = talk_of(conn, visitor, coaching_id, deciding=True)
    if row.closed_at is not None:
        raise Closed
    if typed.problems:
        raise Invalid(typed.problems)
    extra = int(typed.extra)
    values: dict[str, Any] = {
        "answer": typed.answer.strip(),
        "extra_attempts": extra,
        "closed_at": visitor.now.school,
        "closed_by": visitor.me.id,
    }
    conn.execute(update(COACHING).where(COACHING.c.id == row.id).values(values))
    at, me, detail = visitor.now.real, visitor.me.id, {"assignment": row.assignment_key, "extra_attempts": extra}
    reason = typed.reason.strip()
    record(conn, "coaching.close", "coaching", row.id, at=at, actor_id=me, reason=reason, detail=detail)
    _tell(conn, visitor, row, values["answer"], extra)


def _tell(conn: Connection, visitor: Visitor, row: Any, answer: str, extra: int) -> None:
    cohort = f"/cohorts/{row.cohort_id}"
    asked = f"{cohort}/modules/{row.module_number}/assignments/{row.assignment_key}"
    data = {
        "title": row.title,
        "course": row.course,
        "by": visitor.me.name,
        "answer": answer,
        "granted": in_each_language(lambda: say_granted(extra)),
        "path": cohort if row.module_number is None else asked,
    }
    key = f"coaching_answered:{row.id}"
    post(conn, key, "coaching_answered", row.learner_id, now=visitor.now.real, data=data)
