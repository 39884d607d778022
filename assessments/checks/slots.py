"""Checks in the evidence form: how each stands, with the way to its page."""

from dataclasses import replace

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.checks.access import CheckDesk
from assessments.checks.parts import say_rules, tone_of
from assessments.checks.queries import pools_of, tries_of
from assessments.checks.views import CheckSlot
from assessments.evidence.access import Desk
from assessments.evidence.views import SlotView
from fourweek.language import _


def with_checks(conn: Connection, desk: Desk, views: tuple[SlotView, ...]) -> tuple[SlotView, ...]:
    """These slots of a form, checks with how they stand; one statement, two when cold, none without checks."""
    slots = {slot.asked.key: slot for slot in desk.open_slots if slot.asked.kind is RequirementKind.CHECK}
    if not slots:
        return views
    ids = [slot.id for slot in slots.values()]
    pools, tries = pools_of(conn, ids), tries_of(conn, desk.place.enrolment_id, ids)
    checks = {key: CheckDesk(desk, slot, pools[slot.id], tries[slot.id]) for key, slot in slots.items()}
    return tuple(replace(view, check=_slot(checks[view.key])) if view.key in checks else view for view in views)


def _slot(check: CheckDesk) -> CheckSlot:
    return CheckSlot(
        href=f"{check.desk.where.path}/checks/{check.slot.asked.key}",
        action=_action(check),
        words=check.stands.words,
        tone=tone_of(check.stands),
        rules=say_rules(check.pool.rules),
    )


def _action(check: CheckDesk) -> str:
    """What the link to the check says."""
    if check.open_try is not None:
        return _("Go on with try {number}", number=check.open_try.number)
    if not check.may_begin:
        return _("To the check")
    return _("To the check") if check.stands.last is None else _("Try again")
