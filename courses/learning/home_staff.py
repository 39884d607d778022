"""What the work of staff says on their home: how much waits, beside the way there."""

from sqlalchemy import Connection

from courses.coursework import Coursework
from courses.questions.desk import waiting_for
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

_WAYS = (
    (Permission.GRADE, N_("Evidence to grade"), "/grading", N_("What waits for a grader, and the next to take.")),
    (Permission.TEACH, N_("Questions to answer"), "/staff/questions", N_("What learners of your cohorts ask.")),
    (
        Permission.RUN_COHORT,
        N_("Cohorts"),
        "/staff/cohorts",
        N_("Dates, people, live sessions, and how people get on."),
    ),
    (
        Permission.PUBLISH_COURSE,
        N_("Courses to publish"),
        "/authoring",
        N_("Packages, rubrics, frameworks and series."),
    ),
    (Permission.KEEP_RECORD, N_("Records"), "/record", N_("Credit, badges, names, documents, and what waits.")),
    (Permission.KEEP_PEOPLE, N_("People"), "/people", N_("Accounts, roles, and the log of what was done.")),
    (Permission.SET_UP, N_("Set up"), "/what-next", N_("What the school has left to do.")),
)


@dataclass(frozen=True, slots=True)
class StaffWay:
    """A way to work that a role brings; `words` say what waits there, or what it is for."""

    title: str
    href: str
    words: str


def staff_ways(conn: Connection, visitor: Visitor, coursework: Coursework, *, counting: bool) -> tuple[StaffWay, ...]:
    """The work that the visitor's roles bring. `counting`: in three statements at most it says how much waits."""
    ways = [one for one in _WAYS if visitor.me.may_anywhere(one[0])]
    counted = _counted(conn, visitor, coursework) if counting else {}
    return tuple(StaffWay(_(title), href, counted.get(needs) or _(words)) for needs, title, href, words in ways)


def _counted(conn: Connection, visitor: Visitor, coursework: Coursework) -> dict[Permission, str]:
    found = {}
    if visitor.me.may_anywhere(Permission.GRADE):
        found[Permission.GRADE] = coursework.to_grade(conn, visitor)
    if visitor.me.may_anywhere(Permission.TEACH):
        count = waiting_for(conn, visitor)
        waits = n_("{count} question waits.", "{count} questions wait.", count)
        found[Permission.TEACH] = waits if count else _("No question waits.")
    return found
