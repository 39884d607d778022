"""What an import of people would do, row by row. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum

from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.roster.table import TableRow
from fourweek.language import N_, _
from fourweek.light import dataclass


class Purpose(StrEnum):
    """What is to happen to the people of a table."""

    ENROL = "enrol"
    INVITE = "invite"


class Fate(StrEnum):
    """What will happen to a row, in words for whoever imports it."""

    NEW = N_("New here; a mail brings a link to set a password")
    KNOWN = N_("Known here")
    BACK = N_("Had a place and comes back")
    HAS_PLACE = N_("Has a place already; nothing changes")
    INVITED = N_("Is invited already; nothing changes")
    IN_LINE = N_("Stands in line already; nothing changes")
    WRONG = N_("Cannot be taken")


UNCHANGED = {RequestKind.INVITATION: Fate.INVITED, RequestKind.WAITLIST: Fate.IN_LINE}
"""What an invitation adds nothing to."""

IDLE = frozenset({Fate.HAS_PLACE, Fate.INVITED, Fate.IN_LINE})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address: the person, whether they are gone, their enrolment here, and what kind of open
    request they have."""

    person_id: str
    name: str
    zone: str
    has_password: bool
    disabled: bool = False
    enrolment_id: str | None = None
    state: EnrolmentState | None = None
    section_id: str | None = None
    request: RequestKind | None = None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with what will happen; `problem` where it cannot be taken, `note` what else should be known."""

    row: TableRow
    fate: Fate
    known: Known | None = None
    section_id: str | None = None
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every row in order. `over` counts those beyond the places, `left` the free places (None: no limit)."""

    purpose: Purpose
    rows: tuple[PlannedRow, ...]
    left: int | None
    beyond: bool

    @property
    def coming(self) -> tuple[PlannedRow, ...]:
        """Rows that change something."""
        return tuple(one for one in self.rows if one.fate not in IDLE | {Fate.WRONG})

    @property
    def wrong(self) -> tuple[PlannedRow, ...]:
        return tuple(one for one in self.rows if one.fate is Fate.WRONG)

    @property
    def can_be_done(self) -> bool:
        return bool(self.coming) and not self.wrong

    @property
    def fingerprint(self) -> str:
        """Changes with every row and with what would happen to it, not with empty lines between them."""
        parts = [f"{self.purpose}\t{self.beyond}"]
        for one in self.rows:
            row = one.row
            parts.append(f"{row.name}\t{row.address}\t{row.section}\t{one.fate.name}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def plan_import(
    rows: Sequence[TableRow],
    known: Mapping[str, Known],
    sections: Mapping[str, str],
    *,
    purpose: Purpose,
    left: int | None,
    beyond: bool,
) -> ImportPlan:
    """What each row would do. `known` by address, `sections` give ids by folded name, `left` are the free places.

    Invitations take no place, so that there can be more of them than places.
    """
    counts_places = purpose is Purpose.ENROL and left is not None and not beyond
    room = left if counts_places and left is not None else len(rows)
    planned = []
    for row in rows:
        one = _planned(row, known.get(row.address), sections, purpose)
        if one.fate not in IDLE | {Fate.WRONG}:
            room -= 1
            if room < 0:
                said = _("There is no place left for this row. Tick “beyond the places” to enrol everybody anyway.")
                one = PlannedRow(row, Fate.WRONG, one.known, one.section_id, said)
        planned.append(one)
    return ImportPlan(purpose, tuple(planned), left, beyond)


def _planned(row: TableRow, known: Known | None, sections: Mapping[str, str], purpose: Purpose) -> PlannedRow:
    section_id = sections.get(row.section.casefold()) if row.section else None
    problem = row.problem or _problem(row, known, section_id)
    if problem:
        return PlannedRow(row, Fate.WRONG, known, section_id, problem)
    if known is None:
        return PlannedRow(row, Fate.NEW, None, section_id)
    if known.state in {EnrolmentState.ACTIVE, EnrolmentState.COMPLETED}:
        moved = section_id is not None and section_id != known.section_id
        note = _("The section stays as it is; people change sections on the page of sections.") if moved else ""
        return PlannedRow(row, Fate.HAS_PLACE, known, known.section_id, note=note)
    if purpose is Purpose.INVITE and known.request in UNCHANGED:
        return PlannedRow(row, UNCHANGED[known.request], known, section_id)
    fate = Fate.BACK if known.enrolment_id else Fate.KNOWN
    return PlannedRow(row, fate, known, section_id, note=_other_name(row, known))


def _problem(row: TableRow, known: Known | None, section_id: str | None) -> str:
    if row.section and section_id is None:
        return _("The cohort has no section “{section}”.", section=row.section[:60])
    if known is not None and known.disabled:
        return _("This account is closed.")
    return _("The name is missing, and nobody here has this address.") if known is None and not row.name else ""


def _other_name(row: TableRow, known: Known) -> str:
    same = not row.name or row.name.casefold() == known.name.casefold()
    return "" if same else _("Known here as {name}; that name stays.", name=known.name)
