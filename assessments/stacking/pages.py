"""The page where authors read a series' rule, try another one out, and let it hold."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.badges.picture.icons import ICONS
from assessments.stacking.forms import RuleForm, form_of
from assessments.stacking.models import StackKind
from assessments.stacking.queries import NamedCourse, Rule, earned_by, near, rules_of
from assessments.stacking.rules import meeting
from assessments.stacking.words import ICON_WORDS, say_rule
from courses.cohorts.queries import COURSE, VERSION
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from courses.series.queries import PART, series_row
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.language import _
from fourweek.light import dataclass

MOST_LOOKED_AT = 1_000
MOST_NAMED = 25

_ITS_COURSES: Select[Any] = (
    select(COURSE.c.id, COURSE.c.code, VERSION.c.title)
    .join(PART, PART.c.course_id == COURSE.c.id)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(PART.c.series_id == bindparam("series"))
    .order_by(PART.c.position, COURSE.c.code)
)
_NAMES = select(PERSON.c.display_name).where(PERSON.c.id.in_(bindparam("people", expanding=True)))


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that was made. `badge` is "" for one that only ended the rule before it."""

    number: int
    words: str
    badge: str
    achievement_id: str
    since: str
    maker: str
    why: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a rule would award as things stand: how many, and the names of some. `is_all`: everybody was looked at."""

    number: int
    names: tuple[str, ...]
    is_all: bool
    mark: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """`courses` are (code, title) of the series; `made` are its rules, the newest first."""

    code: str
    title: str
    is_public: bool
    courses: tuple[tuple[str, str], ...]
    made: tuple[RuleView, ...]
    typed: RuleForm
    errors: Mapping[str, str]
    preview: Preview | None
    why_end: str = ""

    @property
    def holds(self) -> RuleView | None:
        return self.made[0] if self.made and not self.made[0].ended else None

    @property
    def icons(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, _(ICON_WORDS[name])) for name in ICONS)

    def as_of_now(self) -> "RulePage":
        """With what was typed as a change of the newest rule."""
        newest = self.made[0].number if self.made else 0
        return replace(self, typed=replace(self.typed, number=str(newest), seen=""))

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


def rule_page(
    conn: Connection,
    visitor: Visitor,
    code: str,
    typed: RuleForm | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    previewed: bool = False,
) -> RulePage:
    """The page, with the rule that holds in its form or with what was typed; seven statements with a preview.

    What was typed is checked against the series' courses; only what is right is previewed.
    """
    visitor.need(Permission.PUBLISH_COURSE)
    row = series_row(conn, code)
    courses = courses_of_series(conn, row.id)
    made = rules_of(conn, row.id)
    codes = [one.code for one in courses]
    wrong = dict(errors or {}) or (typed.problems(codes) if typed else {})
    return RulePage(
        code=row.code,
        title=row.title,
        is_public=row.published_at is not None,
        courses=tuple((one.code, one.title) for one in courses),
        made=tuple(_view(one, visitor) for one in made),
        typed=typed or form_of(made[0] if made else None, codes),
        errors=wrong,
        preview=_preview(conn, visitor, row, typed, courses) if typed and previewed and not wrong else None,
    )


def ending_page(
    conn: Connection, visitor: Visitor, code: str, why: str = "", errors: Mapping[str, str] | None = None
) -> RulePage:
    """What holds, and the form that ends it."""
    return replace(rule_page(conn, visitor, code, None, errors), why_end=why)


def courses_of_series(conn: Connection, series_id: str) -> tuple[NamedCourse, ...]:
    """The courses that a series has now, in order; one statement."""
    rows = conn.execute(_ITS_COURSES, {"series": series_id})
    return tuple(NamedCourse(row.id, row.code, row.title) for row in rows)


def _view(rule: Rule, visitor: Visitor) -> RuleView:
    titles = [one.title for one in rule.courses]
    return RuleView(
        number=rule.number,
        words=_("It awards nothing.") if rule.ended else say_rule(rule.kind, rule.needed, rule.within_months, titles),
        badge=rule.name,
        achievement_id=rule.achievement_id,
        since=say_instant(rule.made_at, zone(visitor.me.zone)).words,
        maker=rule.maker,
        why=rule.why,
        ended=rule.ended,
    )


def _preview(
    conn: Connection, visitor: Visitor, row: Row[Any], typed: RuleForm, courses: tuple[NamedCourse, ...]
) -> Preview:
    now = visitor.now.school
    chosen = tuple(one for one in courses if one.code in typed.courses)
    tried = Rule(
        id="",
        series_id=row.id,
        series_code=row.code,
        series_title=row.title,
        number=0,
        kind=StackKind(typed.kind),
        needed=typed.wanted,
        within_months=typed.within_months,
        ended=False,
        why="",
        made_at=now,
        maker="",
        achievement_id="",
        name=typed.name,
        description=typed.description,
        criteria=typed.criteria,
        icon=typed.icon,
        valid_months=typed.holds_months,
        is_public=row.published_at is not None,
        courses=chosen,
    )
    people = near(conn, tried, "", now, MOST_LOOKED_AT)
    badges = earned_by(conn, people, tried.asked.courses)
    through = [one for one in people if meeting(tried.asked, badges[one]) is not None]
    names = conn.execute(_NAMES, {"people": through[:MOST_NAMED]}).scalars()
    return Preview(len(through), tuple(sorted(names)), len(people) < MOST_LOOKED_AT, typed.mark)
