"""The form of a licence: what was typed, what it means, what is wrong with it. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final, Self

from sqlalchemy import Row

from assessments.credit.rules import contact_hours_text
from assessments.licences.boards import all_boards
from assessments.stated.hours import NotHours, read_hours
from courses.catalogue.categories import is_category
from courses.cohorts.fields import Typed
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass

OWN: Final = "own"
"""Stands for the board in addresses and forms where the professional describes what is asked for."""
FEWEST_MONTHS, MOST_MONTHS = 1, 120
NEEDS: Final = ("1", "2", "3")
"""So many categories with a least number of hours can be described."""
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
LONGEST: Final = {"title": 100, "profession": 100, "jurisdiction": 100, "number": 60}


@dataclass(frozen=True, slots=True)
class LicenceForm:
    """Every field as typed. `key` becomes the id of a new licence, so that a form sent twice makes one."""

    key: str = ""
    board: str = OWN
    title: str = ""
    profession: str = ""
    jurisdiction: str = ""
    number: str = ""
    starts_on: str = ""
    ends_on: str = ""
    zone: str = ""
    carried: str = ""
    hours: str = ""
    months: str = ""
    carry: str = ""
    live: str = ""
    category1: str = ""
    category2: str = ""
    category3: str = ""
    least1: str = ""
    least2: str = ""
    least3: str = ""

    @classmethod
    def typed(cls, given: Mapping[str, Any]) -> Self:
        return cls(**{one.name: str(given.get(one.name) or "")[:500] for one in fields(cls)})

    @classmethod
    def known(cls, row: Row[Any]) -> Self:
        """The form of a stored licence."""
        said: Mapping[str, Any] = row.obligation
        form = cls(
            key=row.id,
            board=row.board or OWN,
            title=said.get("title", ""),
            profession=row.profession,
            jurisdiction=row.jurisdiction,
            number=row.number,
            starts_on=str(row.starts_on or ""),
            ends_on=str(row.ends_on),
            zone=row.zone,
            carried=_hours(said.get("carried")),
            hours=_hours(said.get("minutes")),
            months=str(said.get("months", "")),
            carry=_hours(said.get("carry")),
            live=_hours(said.get("live")),
        )
        for place, need in zip(NEEDS, said.get("minimums", ()), strict=False):
            form = replace(form, **{f"category{place}": need["category"], f"least{place}": _hours(need["minutes"])})
        return form

    @property
    def is_own(self) -> bool:
        return self.board == OWN


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """What the form comes to: columns of the licence, and what its holder says of the obligation."""

    board: str
    profession: str
    jurisdiction: str
    number: str
    starts_on: date | None
    ends_on: date
    zone: str
    said: Mapping[str, Any]


def read_licence(form: LicenceForm) -> LicenceFacts:
    """Raises Invalid with a sentence for each field that cannot be taken."""
    typed = Typed({one.name: clean_text(getattr(form, one.name)) for one in fields(form)})
    rules = all_boards().get(form.board)
    if rules is None and not form.is_own:
        raise Invalid({"board": _("Choose a board from the list.")})
    number = _words(typed, "number", _("The number"))
    starts_on = window_day(typed, "starts_on", _("The first day"), required=False)
    ends_on = window_day(typed, "ends_on", _("The last day"))
    zone = typed.zone("zone")
    said = _own(typed) if form.is_own else {}
    if (carried := _minutes(typed, "carried", required=False)) is not None:
        said["carried"] = carried
    if starts_on and ends_on and starts_on > ends_on:
        typed.errors["starts_on"] = _("The window begins after its last day.")
    profession = (
        rules[-1].profession if rules else typed.words("profession", _("The profession"), LONGEST["profession"])
    )
    jurisdiction = (
        rules[-1].jurisdiction if rules else typed.words("jurisdiction", _("The place"), LONGEST["jurisdiction"])
    )
    if typed.errors or ends_on is None:
        raise Invalid(typed.errors)
    board = "" if form.is_own else form.board
    return LicenceFacts(board, profession, jurisdiction, number, starts_on, ends_on, zone or "UTC", said)


def window_day(typed: Typed, name: str, label: str, *, required: bool = True) -> date | None:
    """A day on which a window may begin or end; what is wrong with it is in `typed.errors`."""
    day = typed.day(name, label, required=required)
    if day is not None and not EARLIEST <= day <= LATEST:
        typed.errors[name] = _("A day from {first} to {last}.", first=EARLIEST.year, last=LATEST.year)
    return day


def _words(typed: Typed, name: str, label: str) -> str:
    return typed.words(name, label, LONGEST[name], printed=True)


def _own(typed: Typed) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": _words(typed, "title", _("The board")),
        "minutes": _minutes(typed, "hours"),
        "months": typed.whole("months", _("The length"), FEWEST_MONTHS, MOST_MONTHS),
        "carry": _minutes(typed, "carry", required=False) or 0,
        "live": _minutes(typed, "live", required=False) or 0,
        "minimums": [need for place in NEEDS if (need := _need(typed, place))],
    }
    if said["minutes"] == 0:
        typed.errors["hours"] = _("More than nothing.")
    return said


def _need(typed: Typed, place: str) -> dict[str, Any] | None:
    category = typed.values[f"category{place}"].strip()
    minutes = _minutes(typed, f"least{place}", required=bool(category))
    if not category and minutes is None:
        return None
    if not is_category(category):
        typed.errors[f"category{place}"] = _("Choose a category, or leave its hours empty.")
    return {"category": category, "minutes": minutes or 0}


def _minutes(typed: Typed, name: str, *, required: bool = True) -> int | None:
    value = typed.values[name].strip()
    if not value and not required:
        return None
    try:
        return read_hours(value)
    except NotHours as wrong:
        typed.errors[name] = str(wrong)
        return None


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else contact_hours_text(minutes)
