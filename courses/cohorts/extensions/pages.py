"""What the pages about extensions show."""

from collections.abc import Mapping

from courses.cohorts.extensions.forms import WAYS, ExtensionForm
from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.language import _
from fourweek.light import dataclass


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
    """An extension that was granted, in words. `hold` says until when it holds, "" where no end is set. `batch` names
    what was granted together, "" otherwise; `person` is "" where the page is about one person."""

    id: str
    what: str
    reason: str
    by: str
    granted: Said
    hold: str
    live: bool
    open_pause: bool
    batch: str
    person: str
    enrolment_id: str


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """What moves for one person; no lines: nothing does."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a grant moves: for how many, and one page of them. `seen` is the fingerprint of what is shown."""

    moved: int
    unmoved: int
    people: tuple[MovedPerson, ...]
    seen: str
    again: bool
    page: int = 1
    pages: int = 1


class _Form:
    """What pages with the form of an extension share."""

    __slots__ = ()
    errors: Mapping[str, str]

    @property
    def ways(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((key, _(label), _(hint)) for key, label, hint in WAYS)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class ExtensionPage(_Form):
    cohort_id: str
    cohort_name: str
    enrolment_id: str
    person: str
    zone: str
    apart: str
    typed: ExtensionForm
    modules: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    dates: tuple[PersonDatesLine, ...]
    grants: tuple[GrantLine, ...]
    preview: Preview | None = None


@dataclass(frozen=True, slots=True)
class ExtensionsPage:
    """Everything granted in a cohort, newest first."""

    cohort_id: str
    cohort_name: str
    grants: tuple[GrantLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class Candidate:
    enrolment_id: str
    name: str
    section: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SeveralPage(_Form):
    """Choosing learners and an extension for them; with a `preview`, what it moves for `kept`."""

    cohort_id: str
    cohort_name: str
    zone: str
    apart: str
    typed: ExtensionForm
    modules: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    whom: str
    groups: tuple[tuple[str, str], ...]
    addresses: str
    kept: tuple[str, ...]
    people: tuple[Candidate, ...]
    page: int
    pager: Pager
    preview: Preview | None = None


@dataclass(frozen=True, slots=True)
class EndPage:
    """Extensions that are about to be ended, and what that moves."""

    cohort_id: str
    cohort_name: str
    zone: str
    apart: str
    action: str
    what: str
    people: tuple[MovedPerson, ...]
    more: int
    reason: str
    errors: Mapping[str, str]

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{field}", words) for field, words in self.errors.items())
