"""What somebody has credit for already that is equivalent to a module about to be recorded."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY
from assessments.credit.queries import DueCredit
from assessments.credit.repeats import Had
from assessments.equivalence.queries import decisions_of
from assessments.equivalence.rules import Decided, group_key

_TAKING_BACK = ENTRY.alias("taking_back")
# What stands in a ledger and carries credit, from other enrolments than this.
_ELSEWHERE = (
    select(ENTRY.c.id, ENTRY.c.course_code, ENTRY.c.course_version, ENTRY.c.module_number, ENTRY.c.completed_on)
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
    elsewhere: dict[str, list[Had]]

    def key(self, number: int) -> str:
        return group_key(self.decisions.get(self.course_code, []), self.course_code, self.major, number)

    def earlier(self, number: int) -> list[Had]:
        return self.elsewhere.get(self.key(number), [])


def equivalents_of(conn: Connection, ledger_id: str, due: DueCredit) -> Groups:
    """Two statements; the caller holds the ledger, so that no equivalent module is recorded meanwhile."""
    rows = conn.execute(_ELSEWHERE, {"ledger": ledger_id, "enrolment": due.enrolment_id}).all()
    decisions = decisions_of(conn, {due.course_code, *(row.course_code for row in rows)})
    elsewhere: dict[str, list[Had]] = {}
    for row in rows:
        elsewhere.setdefault(_group(row, decisions), []).append(Had(row.id, row.completed_on))
    return Groups(due.course_code, _major(due.course_version), decisions, elsewhere)


def _group(row: Any, decisions: dict[str, list[Decided]]) -> str:
    """What is decided today holds for what was recorded before as well."""
    return group_key(decisions[row.course_code], row.course_code, _major(row.course_version), row.module_number)


def _major(version: str) -> int:
    return int(version.partition(".")[0])
