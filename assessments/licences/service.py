"""Adding, changing, renewing and removing a licence; its holder does so, nobody else."""

import re
from typing import Any

from sqlalchemy import Connection, func, select, update

from assessments.licences.access import my_licence
from assessments.licences.forms import LicenceForm, read_licence, window_day
from assessments.licences.models import Licence
from assessments.licences.queries import LICENCE, MOST_LICENCES
from assessments.licences.standing import Held
from assessments.licences.windows import window_of
from courses.cohorts.fields import Typed
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict, Invalid
from fourweek.language import _, n_

SWITCHES = ("remind", "stated", "report")
_KEY = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")
_KEPT = frozenset({"stated", "before"})
"""What is said of a licence beside its form, and stays when that is changed; whether it is reported is asked anew."""


def add_licence(conn: Connection, visitor: Visitor, form: LicenceForm) -> str:
    """A new licence; returns its id. Raises Invalid for what was typed, Conflict beyond MOST_LICENCES."""
    facts = read_licence(form)
    me = visitor.me.id
    lock(conn, PERSON, me)
    count = select(func.count()).where(LICENCE.c.person_id == me, LICENCE.c.removed_at.is_(None))
    if conn.execute(count).scalar_one() >= MOST_LICENCES:
        raise Conflict(
            n_("There is {count} licence already.", "There are {count} licences already.", MOST_LICENCES),
            what_to_do=_("Remove one that you no longer hold."),
        )
    made = Licence(
        id=form.key if _KEY.fullmatch(form.key) else new_id(),
        person_id=me,
        board=facts.board,
        profession=facts.profession,
        jurisdiction=facts.jurisdiction,
        number=facts.number,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        zone=facts.zone,
        obligation=dict(facts.said),
        made_at=visitor.now.real,
    )
    if add_once(conn, made):
        _note(conn, visitor, "licence.add", made.id, {"board": facts.board})
    return made.id


def change_licence(conn: Connection, visitor: Visitor, licence_id: str, form: LicenceForm) -> None:
    """Everything that the form has. A number or a place that changes is stated anew, and no longer checked."""
    row = _locked(conn, visitor, licence_id)
    facts = read_licence(form)
    same_window = (facts.starts_on, facts.ends_on) == (row.starts_on, row.ends_on)
    known = _KEPT if same_window else _KEPT - {"before"}
    kept = {name: value for name, value in row.obligation.items() if name in known}
    values: dict[str, Any] = {
        "board": facts.board,
        "profession": facts.profession,
        "jurisdiction": facts.jurisdiction,
        "number": facts.number,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "zone": facts.zone,
        "obligation": dict(facts.said) | kept,
    }
    if any(values[name] != getattr(row, name) for name in ("board", "profession", "jurisdiction", "number")):
        values |= {"checked_on": None, "checked_by": None}
    _set(conn, licence_id, values)
    _note(conn, visitor, "licence.change", licence_id, {"board": facts.board})


def renew_licence(conn: Connection, visitor: Visitor, licence_id: str, typed: str, shown: str) -> None:
    """The licence was renewed: the next window begins after this one and ends on the day `typed`.

    `shown` is the last day that the page showed: sent twice, it changes nothing twice (Conflict). Raises Invalid.
    """
    row = _locked(conn, visitor, licence_id)
    if str(row.ends_on) != shown:
        raise Conflict(_("The window has moved on since you opened the page."))
    fields = Typed({"ends_on": typed})
    ends_on = window_day(fields, "ends_on", _("The new last day"))
    if ends_on is not None and ends_on <= row.ends_on:
        fields.errors["ends_on"] = _("The next window ends after this one.")
    if ends_on is None or fields.errors:
        raise Invalid(fields.errors)
    held = Held.of(row.board, row.ends_on, row.starts_on, row.obligation)
    said = {name: value for name, value in row.obligation.items() if name != "carried"}
    is_usual = window_of(ends_on, held.obligation.months).first == held.window.end
    values = {
        "ends_on": ends_on,
        "starts_on": None if is_usual else held.window.end,
        "obligation": said | {"before": str(held.window.first)},
    }
    _set(conn, licence_id, values)
    _note(conn, visitor, "licence.renew", licence_id, {"from": str(row.ends_on), "to": str(ends_on)})


def remove_licence(conn: Connection, visitor: Visitor, licence_id: str) -> None:
    """It leaves the lists, documents and reminders; what was printed stays as it is."""
    _locked(conn, visitor, licence_id)
    _set(conn, licence_id, {"removed_at": visitor.now.real})
    _note(conn, visitor, "licence.remove", licence_id, {})


def switch_licence(conn: Connection, visitor: Visitor, licence_id: str, switch: str, *, on: bool) -> None:
    """Turn its reminders, the counting of what is stated from elsewhere, or reports to its board on or off."""
    row = _locked(conn, visitor, licence_id)
    if switch not in SWITCHES:
        raise Invalid({"": _("There is no such switch.")})
    _set(conn, licence_id, {"remind": on} if switch == "remind" else {"obligation": row.obligation | {switch: on}})
    _note(conn, visitor, "licence.switch", licence_id, {"switch": switch, "on": on})


def _locked(conn: Connection, visitor: Visitor, licence_id: str) -> Any:
    my_licence(conn, visitor, licence_id)
    lock(conn, LICENCE, licence_id)
    return my_licence(conn, visitor, licence_id)


def _set(conn: Connection, licence_id: str, values: dict[str, Any]) -> None:
    conn.execute(update(LICENCE).where(LICENCE.c.id == licence_id).values(values))


def _note(conn: Connection, visitor: Visitor, act: str, licence_id: str, detail: dict[str, Any]) -> None:
    """Numbers stay out of the audit log: they are personal, and it is kept for good."""
    record(conn, act, "licence", licence_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
