"""What the pages of questions show."""

from collections.abc import Mapping
from dataclasses import field

from courses.learning.access import View
from courses.learning.words import Pill
from courses.paging import Pager
from courses.questions.forms import PostForm
from courses.questions.queries import Show
from courses.schedule.words import Said
from courses.typed_markdown import say_hint
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question of a list; `replies` such as "2 replies", `about` the course and module where it may be any."""

    title: str
    href: str
    by: str
    is_staff: bool
    asked: Said
    replies: str
    pill: Pill
    about: str = ""


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """`address` is that of the cohort's pages."""

    cohort_id: str
    address: str
    view: View | None
    course_title: str
    number: int
    module_title: str
    show: Show
    lines: tuple[QuestionLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class Post:
    """A question or reply as one person sees it: `html` is "" and `hidden` says so where it is not to be seen."""

    id: str
    by: str
    is_staff: bool
    posted: Said
    html: str
    hidden: str
    is_hidden: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A question with a page of its replies. `may_settle`: mark an answer, close and open again.

    `settled` says who did so and when, to those who teach. `address` is that of the cohort's pages.
    """

    cohort_id: str
    address: str
    view: View | None
    course_title: str
    number: int
    question_id: str
    title: str
    pill: Pill
    is_closed: bool
    question: Post
    answer: Post | None
    replies: tuple[Post, ...]
    pager: Pager
    may_reply: bool
    may_settle: bool
    settled: tuple[tuple[str, Said], ...]
    teaches: bool
    typed: PostForm
    errors: Mapping[str, str]
    preview: str
    hint: str = field(default_factory=say_hint)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return summary(self.errors)


@dataclass(frozen=True, slots=True)
class PostFormPage:
    """Asking a question (`question_id` ""), or changing what one has posted, with a `reply_id` a reply."""

    cohort_id: str
    course_title: str
    number: int
    module_title: str
    question_id: str
    reply_id: str
    typed: PostForm
    errors: Mapping[str, str]
    preview: str
    hint: str = field(default_factory=say_hint)

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return summary(self.errors)


@dataclass(frozen=True, slots=True)
class HidePage:
    """Hiding a question, or the reply `reply_id`; `html` is what is about to be hidden."""

    cohort_id: str
    course_title: str
    number: int
    question_id: str
    reply_id: str
    by: str
    html: str
    reason: str
    error: str | None


@dataclass(frozen=True, slots=True)
class TaughtCohort:
    id: str
    name: str
    course_title: str
    starts: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What waits for an answer, and the cohorts that one teaches."""

    total: int
    lines: tuple[QuestionLine, ...]
    pager: Pager
    cohorts: tuple[TaughtCohort, ...]
    cohort_pager: Pager


def summary(errors: Mapping[str, str]) -> tuple[tuple[str | None, str], ...]:
    return tuple((f"field-{field}" if field else None, words) for field, words in errors.items())
