"""What somebody has credit for already that is equivalent to a module about to be recorded."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select

from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY
from assessments.credit.queries import DueCredit
from assessments.credit.repeats import Had, is_inside, window_on
from assessments.credit.rulebook import CEU
from assessments.equivalence.queries import decisions_of
from assessments.equivalence.rules import Decided, group_key
from fourweek.light import dataclass

_TAKING_BACK = ENTRY.alias("taking_back")
# What stands in a ledger and carries credit, from other enrolments than this.
_ELSEWHERE = (
    select(ENTRY)
    .where(
        ENTRY.c.ledger_id == bindparam("ledger"),
        ENTRY.c.enrolment_id != bindparam("enrolment"),
        ENTRY.c.kind != EntryKind.REVERSAL,
        ENTRY.c.repeat_of_id.is_(None),
        ~exists().where(_TAKING_BACK.c.reverses_id == ENTRY.c.id),
    )
    .order_by(ENTRY.c.seq)
)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one enrolment's modules, and the entries elsewhere in its ledger by their groups as of today."""

    course_code: str
    major: int
    decisions: dict[str, list[Decided]]
    elsewhere: dict[str, list[Row[Any]]]

    def key(self, number: int) -> str:
        return group_key(self.decisions.get(self.course_code, []), self.course_code, self.major, number)

    def earlier(self, number: int) -> list[Had]:
        return [Had(row.id, row.completed_on) for row in self.elsewhere.get(self.key(number), [])]

    def carried(self, numbers: Iterable[int], day: date) -> list[Row[Any]]:
        """The entries elsewhere of what is equivalent to any of these modules, as far as the window of `day` reaches.

        Who begins a course again goes on where it was left: what is credited of it already is part of the event, so
        that a course taken in two goes adds up to no more than its hours.
        """
        months = window_on(day).months_of(CEU)
        rows = [row for number in numbers for row in self.elsewhere.get(self.key(number), [])]
        return [row for row in rows if is_inside(row.completed_on, day, months)]


def equivalents_of(conn: Connection, ledger_id: str, due: DueCredit | Row[Any]) -> Groups:
    """Of what is due, or of an entry that stands; two statements.

    Whoever writes holds the ledger, so that no equivalent module is recorded meanwhile.
    """
    rows = conn.execute(_ELSEWHERE, {"ledger": ledger_id, "enrolment": due.enrolment_id}).all()
    decisions = decisions_of(conn, {due.course_code, *(row.course_code for row in rows)})
    elsewhere: dict[str, list[Row[Any]]] = {}
    for row in rows:
        elsewhere.setdefault(_group(row, decisions), []).append(row)
    return Groups(due.course_code, _major(due.course_version), decisions, elsewhere)


def _group(row: Any, decisions: dict[str, list[Decided]]) -> str:
    """What is decided today holds for what was recorded before as well."""
    return group_key(decisions[row.course_code], row.course_code, _major(row.course_version), row.module_number)


def _major(version: str) -> int:
    return int(version.partition(".")[0])
