"""One activity at another provider, as typed or as a row of a table: what it means, what is wrong with it. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final, Self

from assessments.stated.hours import NotHours, read_hours
from courses.catalogue.categories import CATEGORIES, LAWS_RULES, is_category
from courses.cohorts.fields import Typed
from courses.cohorts.models import DeliveryMode
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass

MODES: Final = (
    (DeliveryMode.IN_PERSON, N_("In person")),
    (DeliveryMode.LIVE_ONLINE, N_("Live online")),
    (DeliveryMode.SELF_PACED, N_("Self-paced")),
    (DeliveryMode.BLENDED, N_("Blended")),
)
_MODE_OF: Final = {words.casefold(): mode for mode, words in MODES}
LONGEST: Final = {
    "title": (N_("The title"), 200),
    "provider": (N_("The provider"), 200),
    "provider_number": (N_("The provider’s number"), 60),
    "place": (N_("The place"), 200),
    "instructor": (N_("The instructor"), 200),
    "said": (N_("What the certificate says"), 60),
}
_NEEDED: Final = frozenset({"title", "provider"})
EARLIEST: Final = date(1950, 1, 1)


@dataclass(frozen=True, slots=True)
class StatedForm:
    """Every field as typed. `jurisdiction` says whose laws and rules were taught, such as US-FL."""

    title: str = ""
    provider: str = ""
    provider_number: str = ""
    category: str = ""
    jurisdiction: str = ""
    mode: str = ""
    place: str = ""
    instructor: str = ""
    completed_on: str = ""
    hours: str = ""
    said: str = ""

    @classmethod
    def typed(cls, given: Mapping[str, Any]) -> Self:
        return cls(**{one.name: str(given.get(one.name) or "")[:1000] for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """An activity as it is stored, in whole minutes."""

    title: str
    provider: str
    provider_number: str
    category: str
    mode: DeliveryMode
    place: str
    instructor: str
    completed_on: date
    minutes: int
    said: str

    @property
    def row_key(self) -> str:
        """Of all that it says: the same stated twice is one."""
        said = [str(getattr(self, one.name)) for one in fields(self)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def read_stated(form: StatedForm, today: date) -> StatedFacts:
    """Raises Invalid with a sentence for each field that cannot be taken. `today` is of the school's clock."""
    typed = Typed({one.name: clean_text(getattr(form, one.name)) for one in fields(form)})
    texts = {
        name: typed.words(name, _(label), longest, required=name in _NEEDED, printed=True)
        for name, (label, longest) in LONGEST.items()
    }
    category, mode = _category(typed), _mode(typed)
    day, minutes = _day(typed, today), _minutes(typed)
    if typed.errors or day is None or mode is None:
        raise Invalid(typed.errors)
    return StatedFacts(category=category, mode=mode, completed_on=day, minutes=minutes, **texts)


def _category(typed: Typed) -> str:
    key, _colon, place = typed.values["category"].casefold().partition(":")
    place = (place or (typed.values["jurisdiction"] if key.strip() == LAWS_RULES else "")).strip().upper()
    category = f"{key.strip()}:{place}" if place else key.strip()
    if key.strip() not in CATEGORIES:
        typed.errors["category"] = _(
            "One of {categories}; for the laws of one place, such as laws-rules:US-FL.",
            categories=in_a_row(CATEGORIES),
        )
    elif not is_category(category):
        typed.errors["jurisdiction"] = _("A country or a state as ISO 3166 writes it, such as US-FL.")
    return category


def _mode(typed: Typed) -> DeliveryMode | None:
    value = typed.values["mode"].strip()
    if value in set(DeliveryMode):
        return DeliveryMode(value)
    if known := _MODE_OF.get(value.casefold().replace("_", " ")):
        return known
    typed.errors["mode"] = _("One of {modes}.", modes=in_a_row(_(words) for _mode, words in MODES))
    return None


def _day(typed: Typed, today: date) -> date | None:
    day = typed.day("completed_on", _("The day of completion"))
    if day is not None and not EARLIEST <= day <= today:
        typed.errors["completed_on"] = _("A day that has been, from 1950 on.")
    return day


def _minutes(typed: Typed) -> int:
    try:
        minutes = read_hours(typed.values["hours"])
    except NotHours as wrong:
        typed.errors["hours"] = str(wrong)
        return 0
    if not minutes:
        typed.errors["hours"] = _("More than nothing.")
    return minutes
