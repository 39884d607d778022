"""The pages about agreement, for leads: all assignments, and one with its picture, its graders and its cohorts."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from assessments.agreement.chart import Chart, chart
from assessments.agreement.outcomes import NEWEST, appeals_by_assignment, appeals_by_place, calendars, waits
from assessments.agreement.queries import ASSIGNMENTS, COURSE, HOW_MANY, names_of
from assessments.agreement.times import Wait, Waits, waits_of
from assessments.agreement.words import FIGURES, NOT_YET, TONES, beside, figure_of, reading, say
from assessments.grading.access import ASSIGNMENT, serves
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import Forbidden, NotFound
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

SHAPES = {"alpha": "circle", "quadratic": "diamond", "exact": "square"}
"""The figures of the picture, each with a shape of its own."""
SHORT = {"alpha": N_("alpha {figure}"), "quadratic": N_("kappa {figure}"), "exact": N_("same level {figure}")}


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """`weakest` is the criterion with the lowest alpha, "" without figures; `appeals` in words."""

    code: str
    key: str
    course: str
    title: str
    works: int
    weakest: str
    alpha: str
    reading: str
    tone: str
    appeals: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    rows: tuple[AssignmentRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class CriterionView:
    """`figures` are (name, words); `table` counts works by first level (rows) and second level (columns)."""

    title: str
    version: str
    works: int
    reading: str
    tone: str
    figures: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class GraderRow:
    name: str
    works: int
    beside: str
    appeals: str


@dataclass(frozen=True, slots=True)
class CohortRow:
    """`waits` is None where nothing is posted yet."""

    name: str
    waits: Waits | None
    appeals: str


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """`made` is None until the worker has made figures."""

    course: str
    title: str
    made: Said | None
    criteria: tuple[CriterionView, ...]
    chart: Chart | None
    graders: tuple[GraderRow, ...]
    cohorts: tuple[CohortRow, ...]
    newest: int = NEWEST


def agreement_page(conn: Connection, visitor: Visitor, number: int = 1) -> AgreementPage:
    """One page of the assignments of courses the visitor leads; three statements. Graders get 403, others 404."""
    values = _leads(visitor)
    total = conn.execute(HOW_MANY, values).scalar_one()
    rows = conn.execute(ASSIGNMENTS.limit(PER_PAGE).offset(offset(number)), values).all()
    appeals = appeals_by_assignment(conn, values, [(row.course_id, row.key) for row in rows])
    return AgreementPage(
        rows=tuple(_assignment(row, appeals.get((row.course_id, row.key))) for row in rows),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def figures_page(conn: Connection, visitor: Visitor, code: str, key: str) -> FiguresPage:
    """One assignment; five statements. NotFound where the visitor leads no cohort of its course.

    Agreement is of everybody who rated; graders, waiting and appeals are of the visitor's cohorts alone.
    """
    values = _leads(visitor)
    row = conn.execute(ASSIGNMENTS.where(COURSE.c.code == code, ASSIGNMENT.c.key == key), values).first()
    if row is None:
        raise NotFound
    kept = row.figures["criteria"] if row.figures else []
    answered = waits(conn, values, row.course_id, key, visitor.now.school)
    appealed = appeals_by_place(conn, values, row.course_id, key)
    return FiguresPage(
        course=row.course_title,
        title=row.title,
        made=say_instant(row.made_at, zone(visitor.me.zone)) if row.made_at else None,
        criteria=tuple(map(_criterion, kept)),
        chart=_chart(row.title, kept),
        graders=tuple(_graders(conn, _compared(visitor, row), appealed)),
        cohorts=tuple(_cohorts(conn, answered, appealed)),
    )


def _leads(visitor: Visitor) -> dict[str, Any]:
    serves(visitor, Permission.GRADE)
    if not visitor.me.may_anywhere(Permission.REVIEW_GRADES):
        raise Forbidden(_("Only leads see how far graders agree."))
    return serves(visitor, Permission.REVIEW_GRADES)


def _assignment(row: Any, appealed: Any) -> AssignmentRow:
    criteria = row.figures["criteria"] if row.figures else []
    known = [(one["title"], figure_of(one["alpha"])) for one in criteria if one["alpha"][0] is not None]
    weakest, alpha = min(known, key=lambda one: one[1].value or 0.0) if known else ("", None)
    works = max((one["works"] for one in criteria), default=0)
    said = reading(alpha) if alpha else NOT_YET
    return AssignmentRow(
        code=row.code,
        key=row.key,
        course=row.course_title,
        title=row.title,
        works=works,
        weakest=weakest,
        alpha=say("alpha", alpha, works) if alpha else "",
        reading=_(said),
        tone=TONES[said],
        appeals=_appeals([appealed] if appealed else []),
    )


def _criterion(kept: dict[str, Any]) -> CriterionView:
    said = reading(figure_of(kept["alpha"]))
    return CriterionView(
        title=kept["title"],
        version=kept["version"],
        works=kept["works"],
        reading=_(said),
        tone=TONES[said],
        figures=tuple((_(words), say(name, figure_of(kept[name]), kept["works"])) for name, words in FIGURES),
        levels=tuple(kept["levels"]),
        table=tuple(map(tuple, kept["table"])),
    )


def _chart(title: str, kept: Sequence[dict[str, Any]]) -> Chart | None:
    rated = [one for one in kept if one["works"]]
    if not rated:
        return None
    return chart(
        _("Agreement by criterion: {title}", title=title),
        [
            (
                one["title"],
                [
                    (shape, figure, _(SHORT[name], figure=say(name, figure, one["works"])))
                    for name, shape in SHAPES.items()
                    for figure in (figure_of(one[name]),)
                ],
            )
            for one in rated
        ],
    )


def _compared(visitor: Visitor, row: Any) -> list[dict[str, Any]]:
    """What the report holds of graders in the visitor's cohorts."""
    kept = row.figures["graders"] if row.figures else []
    return [one for one in kept if visitor.me.may(Permission.REVIEW_GRADES, one["cohort"])]


def _graders(conn: Connection, compared: Sequence[dict[str, Any]], appealed: Sequence[Any]) -> Iterable[GraderRow]:
    """Everybody who rated beside somebody else or whose decision was appealed, by name; one statement."""
    names = names_of(conn, [*(one["grader"] for one in compared), *(row.decided_by for row in appealed)])
    for grader, name in sorted(names.items(), key=lambda one: (one[1], one[0])):
        mine = [one for one in compared if one["grader"] == grader]
        works, levels, steps = (sum(one[what] for one in mine) for what in ("works", "levels", "steps"))
        appeals = _appeals([row for row in appealed if row.decided_by == grader])
        yield GraderRow(name, works, beside(steps, levels, works), appeals)


def _cohorts(conn: Connection, answered: Sequence[Any], appealed: Sequence[Any]) -> Iterable[CohortRow]:
    days = calendars(conn, answered)
    by_cohort = sorted(answered, key=lambda row: (row.cohort_name, row.cohort_id))
    for (name, cohort, where), group in groupby(by_cohort, key=lambda row: (row.cohort_name, row.cohort_id, row.zone)):
        found = waits_of((Wait(row.submitted_at, row.promised_at, row.posted_at) for row in group), days[where])
        yield CohortRow(name, found, _appeals([row for row in appealed if row.cohort_id == cohort]))


def _appeals(rows: Sequence[Any]) -> str:
    """Such as "2 of 5 changed the decision, 1 open"."""
    ended, upheld, still = (sum(int(getattr(row, name)) for row in rows) for name in ("ended", "upheld", "open"))
    if not (ended or still):
        return _("None")
    is_open = n_("{count} open", "{count} open", still) if still else ""
    if not ended:
        return is_open
    changed = n_("{count} of {all} changed the decision", "{count} of {all} changed the decision", upheld, all=ended)
    return _("{changed}, {open}", changed=changed, open=is_open) if still else changed
