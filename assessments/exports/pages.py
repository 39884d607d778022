"""What the pages of exports show: cohorts one leads, and what can be taken away of one."""

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from assessments.exports.access import Exported, exported_cohort, leads
from assessments.grading.access import COHORT, VERSION
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_date
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass

KINDS = (
    ("ratings", N_("What every grader gave, criterion by criterion, of works that are decided.")),
    ("decisions", N_("Every decision, with whether it counts now, was superseded, or is not posted yet.")),
    ("appeals", N_("What was appealed, with the learner's words and what became of it.")),
)
FORMS = ("csv", "json")
ZIP = "evidence.zip"
CHOICES = frozenset({ZIP, *(f"{kind}.{form}" for kind, *_ in KINDS for form in FORMS)})
_LED = or_(bindparam("everywhere"), COHORT.c.id.in_(bindparam("scopes", expanding=True)))
_FROM = COHORT.join(VERSION, VERSION.c.id == COHORT.c.version_id)
_COUNT = select(func.count()).select_from(_FROM).where(_LED)
_ROWS: Select[tuple[str, str, str, object]] = (
    select(COHORT.c.id, COHORT.c.name, VERSION.c.title, COHORT.c.start_date)
    .select_from(_FROM)
    .where(_LED)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)


@dataclass(frozen=True, slots=True)
class CohortRow:
    id: str
    name: str
    course: str
    starts: str


@dataclass(frozen=True, slots=True)
class CohortsPage:
    cohorts: tuple[CohortRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class ExportPage:
    """`kinds` are (key, what it holds), each as CSV and JSON, of one `assignment`, "" for all."""

    cohort: Exported
    assignment: str = ""
    kinds: tuple[tuple[str, str], ...] = KINDS
    archive: str = ZIP


def cohorts_page(conn: Connection, visitor: Visitor, number: int = 1) -> CohortsPage:
    """A page of the cohorts the visitor leads, the newest first; two statements."""
    values = leads(visitor)
    total = conn.execute(_COUNT, values).scalar_one()
    rows = conn.execute(_ROWS, values | {"skip": offset(number)}).all()
    return CohortsPage(
        tuple(CohortRow(row.id, row.name, row.title, say_date(row.start_date)) for row in rows),
        pager(number, total, lambda n: query(page=n)),
    )


def export_page(conn: Connection, visitor: Visitor, cohort_id: str, assignment: str = "") -> ExportPage:
    """What can be taken away; an assignment that is not the cohort's is none. Two statements."""
    cohort = exported_cohort(conn, visitor, cohort_id)
    return ExportPage(cohort, assignment if assignment in dict(cohort.assignments) else "")


def begin_export(
    conn: Connection, visitor: Visitor, cohort_id: str, what: str, assignment: str
) -> tuple[Exported, Visitor]:
    """Authorise taking something away and note who did; the reading follows. Raises Invalid for what is not offered."""
    cohort = exported_cohort(conn, visitor, cohort_id)
    if what not in CHOICES:
        raise Invalid({"what": _("Choose one of the files that are offered.")})
    if assignment and assignment not in dict(cohort.assignments):
        raise Invalid({"assignment": _("Choose an assignment of this cohort.")})
    record(
        conn,
        "cohort.exported",
        "cohort",
        cohort_id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        detail={"what": what, "assignment": assignment},
    )
    return cohort, visitor
