"""Recording that somebody made sure who a learner is."""

from datetime import date
from typing import Final

from sqlalchemy import Connection

from assessments.credit.ledger import hold_ledger
from assessments.holds.service import lift_identity
from assessments.identity_checks.models import CheckMethod, IdentityCheck
from assessments.identity_checks.queries import newest_check
from assessments.record.queries import another, one_learner, registrar
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.days import read_day
from fourweek.errors import Invalid
from fourweek.language import _

MOST_WORDS: Final = 300


def record_check(
    conn: Connection, visitor: Visitor, learner_number: str, typed: tuple[str, str, str, str], zone_name: str
) -> int:
    """Note a check; `typed` is its method, day in the zone, result ("passed" or "failed") and a note.

    Where the one that counts was passed, every hold that waits for it is lifted; returns how many. Raises Invalid with
    a sentence for each field (`method`, `checked_on`, `result`, `note`), NotFound for everybody but the registrar,
    Forbidden for their own.
    """
    registrar(visitor)
    person = one_learner(conn, learner_number)
    me = another(visitor, person.id)
    method, day, passed, note = _checked(typed, visitor.now.real.astimezone(zone(zone_name)).date())
    hold_ledger(conn, person.id)  # no credit is recorded, and no hold placed, while this is decided
    row = IdentityCheck(
        id=new_id(),
        person_id=person.id,
        method=method,
        checked_on=day,
        passed=passed,
        note=note,
        recorded_by=me.id,
        recorded_at=visitor.now.real,
    )
    add(conn, row)
    detail = {"method": method.value, "checked_on": day.isoformat(), "passed": passed}
    at = visitor.now.real
    record(conn, "identity.check", "person", person.id, at=at, actor_id=me.id, reason=note, detail=detail)
    newest = newest_check(conn, person.id)
    return lift_identity(conn, person.id, at, me.id) if newest is not None and newest.passed else 0


def _checked(typed: tuple[str, str, str, str], today: date) -> tuple[CheckMethod, date, bool, str]:
    method, day, result, note = (one.strip() for one in typed)
    wrong: dict[str, str] = {}
    if method not in set(CheckMethod):
        wrong["method"] = _("Choose how it was checked.")
    checked_on = read_day(day)
    if checked_on is None or checked_on > today:
        wrong["checked_on"] = _("Give the day of the check; it is not in the future.")
    if result not in {"passed", "failed"}:
        wrong["result"] = _("Say what came of it.")
    if len(note) > MOST_WORDS:
        wrong["note"] = _("Keep it to {most} characters.", most=MOST_WORDS)
    if wrong or checked_on is None:
        raise Invalid(wrong)
    return CheckMethod(method), checked_on, result == "passed", note
