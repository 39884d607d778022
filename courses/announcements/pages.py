"""What the pages of announcements show."""

from collections.abc import Mapping
from dataclasses import field

from courses.announcements.forms import AnnouncementForm
from courses.learning.access import View
from courses.paging import Pager
from courses.schedule.words import Said
from courses.typed_markdown import say_hint
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class AnnouncementLine:
    """`to` names the section it is for, "" for the whole cohort."""

    id: str
    title: str
    by: str
    posted: Said
    to: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class AnnouncementsPage:
    """`address` is that of the cohort's pages."""

    cohort_id: str
    address: str
    view: View | None
    cohort_name: str
    course_title: str
    may_write: bool
    lines: tuple[AnnouncementLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class AnnouncementPage:
    """One announcement; `withdrawn` is a sentence to those who teach, which says when and by whom."""

    cohort_id: str
    address: str
    view: View | None
    course_title: str
    may_write: bool
    line: AnnouncementLine
    html: str
    edited: Said | None
    withdrawn: str


@dataclass(frozen=True, slots=True)
class AnnouncementFormPage:
    """Writing one, or changing the one named `announcement_id`. `sections` are (id, name); `preview` is HTML."""

    cohort_id: str
    course_title: str
    announcement_id: str | None
    typed: AnnouncementForm
    sections: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    preview: str
    hint: str = field(default_factory=say_hint)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    cohort_id: str
    course_title: str
    announcement_id: str
    title: str
    reason: str
    error: str | None
