"""The page on which graders look after the comment bank."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from assessments.remarks.access import BANK, LEADS, READABLE, in_courses, reader
from assessments.rubrics.models import Criterion, Rubric
from courses.cohorts.queries import COURSE, VERSION
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.language import N_, _
from fourweek.light import dataclass

PAGE, MOST_COURSES = 25, 100
ANY = N_("Any criterion")
_CRITERION, _RUBRIC, _OWNER = table(Criterion), table(Rubric), table(Person).alias("owner")

_TITLE = (
    select(_CRITERION.c.title)
    .join(_RUBRIC, _RUBRIC.c.id == _CRITERION.c.rubric_id)
    .where(_RUBRIC.c.course_id == BANK.c.course_id, _CRITERION.c.key == BANK.c.criterion_key)
    .order_by(_RUBRIC.c.major.desc(), _RUBRIC.c.minor.desc())
    .limit(1)
    .correlate(BANK)
    .scalar_subquery()
)
_SOURCE = (
    BANK.join(COURSE, COURSE.c.id == BANK.c.course_id)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .join(_OWNER, _OWNER.c.id == BANK.c.owner_id)
)
_ROWS: Select[Any] = select(
    BANK.c.id,
    BANK.c.criterion_key,
    BANK.c.text,
    BANK.c.shared,
    BANK.c.owner_id,
    VERSION.c.title.label("course"),
    _OWNER.c.display_name,
    _TITLE.label("criterion"),
    LEADS.label("leads"),
).select_from(_SOURCE)
_COURSES: Select[Any] = (
    select(COURSE.c.id, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(in_courses("grades", COURSE.c.id))
    .order_by(VERSION.c.title, COURSE.c.id)
    .limit(MOST_COURSES)
)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment of the bank; `about` names its course and criterion, `whose` says whose it is and who sees it."""

    id: str
    text: str
    about: str
    whose: str
    shared: bool
    may_change: bool
    may_share: bool

    @property
    def may_remove(self) -> bool:
        return self.may_change or (self.shared and self.may_share)


@dataclass(frozen=True, slots=True)
class BankPage:
    """`courses` are (id, title) of those that the visitor grades; `typed` is a text that could not be kept.

    `errors` maps a field's name to a sentence; `at` is the comment that they are about, "" for a new one.
    """

    rows: tuple[CommentView, ...]
    courses: tuple[tuple[str, str], ...]
    course: str
    words: str
    number: int
    pages: int
    count: int
    typed: str = ""
    at: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def error_at(self, comment_id: str) -> str | None:
        """What is wrong with the text typed for a comment, "" for a new one."""
        return self.errors.get("text") if self.at == comment_id else None

    def text_at(self, row: CommentView) -> str:
        return self.typed if self.errors and self.at == row.id else row.text


def bank_page(conn: Connection, visitor: Visitor, course: str = "", words: str = "", number: int = 1) -> BankPage:
    """Comments that the visitor may read, of one course or all, that hold `words`; three statements.

    Raises NotFound for people who grade nowhere.
    """
    values, words = reader(visitor), words.strip()[:100]
    chosen = [READABLE]
    if course:
        chosen.append(BANK.c.course_id == course)
    if words:
        chosen.append(BANK.c.text.icontains(words, autoescape=True))
    count = conn.execute(select(func.count()).select_from(_SOURCE).where(and_(*chosen)), values).scalar_one()
    pages = max(1, -(-count // PAGE))
    number = min(max(number, 1), pages)
    newest = _ROWS.where(and_(*chosen)).order_by(BANK.c.made_at.desc(), BANK.c.id.desc())
    rows = conn.execute(newest.limit(PAGE).offset((number - 1) * PAGE), values).all()
    courses = conn.execute(_COURSES, values).all()
    return BankPage(
        rows=tuple(_view(row, visitor) for row in rows),
        courses=tuple((row.id, row.title) for row in courses),
        course=course,
        words=words,
        number=number,
        pages=pages,
        count=count,
    )


def _view(row: Any, visitor: Visitor) -> CommentView:
    mine = row.owner_id == visitor.me.id
    if mine:
        whose = _("Yours, shared") if row.shared else _("Yours")
    else:
        whose = _("By {name}, shared", name=row.display_name) if row.shared else _("By {name}", name=row.display_name)
    return CommentView(
        id=row.id,
        text=row.text,
        about=f"{row.course} · {(row.criterion or row.criterion_key) if row.criterion_key else _(ANY)}",
        whose=whose,
        shared=row.shared,
        may_change=mine,
        may_share=bool(row.leads),
    )
