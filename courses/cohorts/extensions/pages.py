"""What the page of a learner's own dates shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.cohorts.extensions.forms import ExtensionForm
from courses.schedule.words import Said


@dataclass(frozen=True, slots=True)
class PersonDatesLine:
    """A module's dates as they hold for this person; `why` says why work is due then."""

    number: int
    title: str
    opens: Said
    due: Said | None
    closes: Said | None
    why: str


@dataclass(frozen=True, slots=True)
class GrantLine:
    """An extension that was granted, in words."""

    what: str
    reason: str
    by: str
    granted: Said


@dataclass(frozen=True, slots=True)
class ExtensionPage:
    cohort_id: str
    cohort_name: str
    enrolment_id: str
    person: str
    zone: str
    typed: ExtensionForm
    modules: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    dates: tuple[PersonDatesLine, ...]
    grants: tuple[GrantLine, ...]

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())
