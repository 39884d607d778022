"""What the pages of sections show."""

from collections.abc import Mapping

from courses.cohorts.pages import ModuleDatesLine
from courses.cohorts.rules.pages import ChangePreview, ShownPerson
from courses.cohorts.sections.forms import SectionForm
from courses.paging import Pager
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class SectionLine:
    """`people` such as "12 people", `own` what it does differently, in words."""

    id: str
    name: str
    people: str
    own: str


@dataclass(frozen=True, slots=True)
class SectionsPage:
    cohort_id: str
    cohort_name: str
    sections: tuple[SectionLine, ...]


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section, or a new one where `section_id` is "". `dates` are shown for a new one, `preview` for a known one."""

    cohort_id: str
    cohort_name: str
    section_id: str
    name: str
    people: int
    typed: SectionForm
    weekdays: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    errors: Mapping[str, str]
    preview: ChangePreview | None = None
    dates: tuple[ModuleDatesLine, ...] = ()
    seen: str = ""
    again: bool = False

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{field}", words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody of the cohort; `section` "" where the person is in none."""

    enrolment_id: str
    name: str
    section: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Who is in which section, and once people and a section are chosen, what moves for each of them."""

    cohort_id: str
    cohort_name: str
    members: tuple[MemberLine, ...]
    pager: Pager
    page: int
    sections: tuple[tuple[str, str], ...]
    to: str
    errors: Mapping[str, str]
    moved: tuple[ShownPerson, ...] = ()
    seen: str = ""
    again: bool = False
