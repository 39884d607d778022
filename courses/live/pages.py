"""What the pages of live sessions show."""

from collections.abc import Mapping

from courses.live.forms import SessionForm
from courses.live.words import SessionLine
from courses.paging import Pager
from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """A learner's live sessions of one cohort, the next one first. Staff see them as learners do, without a record."""

    cohort_id: str
    course_title: str
    is_staff: bool
    may_teach: bool
    first: SessionLine | None
    sessions: tuple[SessionLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session for a learner; `asks_code`: a code of this session can be typed now."""

    cohort_id: str
    session_id: str
    course_title: str
    line: SessionLine
    asks_code: bool
    join_from: Said | None
    locked_module: int | None
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A session for those who teach; `recorded` such as "12 recorded", "" while nothing is."""

    id: str
    title: str
    when: Said
    about: str
    pill: tuple[str, str]
    asked: str
    recorded: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class StaffSessionsPage:
    cohort_id: str
    cohort_name: str
    course_title: str
    zone: str
    runs: bool
    sessions: tuple[StaffLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class TaughtLine:
    """A session of one of several cohorts."""

    cohort_id: str
    session_id: str
    title: str
    cohort: str
    when: Said
    about: str


@dataclass(frozen=True, slots=True)
class TaughtPage:
    """The sessions that come next in all cohorts that somebody teaches, and the cohorts themselves."""

    sessions: tuple[TaughtLine, ...]
    cohorts: tuple[tuple[str, str, str], ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class PlannedLine:
    when: Said
    module: str
    remark: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class SessionFormPage:
    """The form of new sessions, or of the change of one (`session_id`). `planned` is what it comes to, once it fits;
    `left_out` are days off in words."""

    cohort_id: str
    cohort_name: str
    session_id: str
    heading: str
    typed: SessionForm
    sections: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, str], ...]
    weekdays: tuple[tuple[int, str, bool], ...]
    zone: str
    errors: Mapping[str, str]
    planned: tuple[PlannedLine, ...]
    left_out: tuple[str, ...]
    again: bool = False
    is_over: bool = False

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class CancelPage:
    cohort_id: str
    cohort_name: str
    session_id: str
    title: str
    when: Said
    reason: str = ""
    error: str = ""
