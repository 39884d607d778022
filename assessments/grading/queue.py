"""The queue: what waits in all cohorts a grader serves, what is promised first first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.allocation.order import IN_ORDER, shuffle_of
from assessments.appeals.listing import Told, told_of
from assessments.completeness.queries import CHECK
from assessments.grading.access import (
    ASSIGNMENT,
    CLAIM,
    COHORT,
    GIVEE,
    HOLDER,
    SOURCE,
    SUBMISSION,
    VERSION,
    serves,
)
from assessments.grading.counted import MOST, assignments, cohorts, counts, say
from assessments.grading.parts import Part, works_in
from assessments.grading.words import clock
from assessments.identity.names import NAMING, learner_called
from assessments.terms.promise import Calendar, read_days
from assessments.terms.queries import HOLIDAYS
from assessments.terms.words import say_clock
from courses.paging import LAST_NUMBER, PER_PAGE, offset
from courses.schedule.walltime import MINUTE
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.language import _, n_
from fourweek.light import dataclass

__all__ = ["Part", "QueuePage", "QueueRow", "queue_page"]

PAGE = PER_PAGE
_SOURCE = (
    SOURCE.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
    .outerjoin(HOLDER, HOLDER.c.id == CLAIM.c.grader_id)
    .outerjoin(GIVEE, GIVEE.c.id == SUBMISSION.c.given_to)
    .outerjoin(CHECK, CHECK.c.submission_id == SUBMISSION.c.id)
)
_IDS = {part: works_in(part).order_by(*IN_ORDER).limit(PAGE + 1).offset(bindparam("skip")) for part in Part}
_ROWS = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.late,
        SUBMISSION.c.receipt,
        ASSIGNMENT.c.title,
        VERSION.c.title.label("course_title"),
        COHORT.c.name.label("cohort_name"),
        COHORT.c.zone,
        CLAIM.c.grader_id,
        CLAIM.c.until,
        HOLDER.c.display_name.label("grader_name"),
        SUBMISSION.c.given_to,
        SUBMISSION.c.promised_at,
        GIVEE.c.display_name.label("given_name"),
        HOLIDAYS,
        CHECK.c.findings,
        CHECK.c.checked_at,
        *NAMING,
    )
    .select_from(_SOURCE)
    .where(SUBMISSION.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(*IN_ORDER)
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`learner` is what the visitor calls whose work it is, `claim` says in words who has or had it, `given` to whom
    it is allocated, `left` what is left of the promise, `found` that rules found something nobody has looked at; each
    of the last four "" where there is nothing to say."""

    id: str
    title: str
    course: str
    cohort: str
    learner: str
    attempt: int
    receipt: str
    late: bool
    handed_in: Said
    claim: str
    given: str
    left: str
    tone: str
    found: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`counts` are of the parts as filtered, as `counted.counts` gives them; the choices are (value, words).

    `unchecked`: only what the rules found something in that nobody has looked at."""

    part: Part
    rows: tuple[QueueRow, ...]
    counts: dict[Part, int]
    cohorts: tuple[tuple[str, str], ...]
    assignments: tuple[tuple[str, str], ...]
    cohort: str
    assignment: str
    unchecked: bool
    number: int
    is_last: bool
    leads: bool
    appeals: Told

    @property
    def said(self) -> dict[Part, str]:
        """How much is in each part, in words."""
        return {part: say(count) for part, count in self.counts.items()}

    @property
    def free(self) -> str:
        """How many wait for a grader, in a sentence; "" for none."""
        return say_free(self.counts)

    @property
    def pages(self) -> str:
        """Which page it is, and of how many where that is counted."""
        count = self.counts[self.part]
        return (
            _("Page {number}", number=self.number)
            if count > MOST
            else _("Page {number} of {pages}", number=self.number, pages=max(1, -(-count // PAGE)))
        )


def queue_page(
    conn: Connection,
    visitor: Visitor,
    part: Part,
    cohort: str = "",
    assignment: str = "",
    number: int = 1,
    *,
    unchecked: bool = False,
) -> QueuePage:
    """One page of one part of the queue; seven statements. Raises NotFound for people who grade nowhere."""
    values = queue_values(visitor, cohort, assignment, unchecked=unchecked) | {"shuffle": shuffle_of(visitor.me.id)}
    found = counts(conn, values)
    number = min(max(number, 1), LAST_NUMBER if found[part] > MOST else max(1, -(-found[part] // PAGE)))
    ids, number = _ids(conn, values, part, number)
    rows = conn.execute(_ROWS, values | {"ids": ids[:PAGE]}).all() if ids else ()
    return QueuePage(
        part=part,
        rows=tuple(_row(row, visitor) for row in rows),
        counts=found,
        cohorts=cohorts(conn, values),
        assignments=assignments(conn, values),
        cohort=cohort,
        assignment=assignment,
        unchecked=unchecked,
        number=number,
        is_last=len(ids) <= PAGE,
        leads=visitor.me.may_anywhere(Permission.REVIEW_GRADES),
        appeals=told_of(conn, visitor),
    )


def queue_values(
    visitor: Visitor, cohort: str = "", assignment: str = "", *, unchecked: bool = False
) -> dict[str, Any]:
    """The values of `parts` and its filter. Raises NotFound for people who grade nowhere."""
    return (
        serves(visitor, Permission.GRADE)
        | leads(visitor)
        | {"real": visitor.now.real, "past": visitor.now.school - MINUTE}
        | {"cohort": cohort, "assignment": assignment, "unchecked": unchecked}
    )


def say_free(counts: Mapping[Part, int]) -> str:
    """How many wait for a grader, in a sentence; "" for none."""
    free = counts[Part.FREE] + counts[Part.SECOND]
    if free > MOST:
        return _("More than {count} submissions wait for a grader.", count=MOST)
    return n_("{count} submission waits for a grader.", "{count} submissions wait for a grader.", free) if free else ""


def _ids(conn: Connection, values: dict[str, Any], part: Part, number: int) -> tuple[Sequence[str], int]:
    """The ids of a page in order, with the first of the next; of the first page where there is no such page."""
    ids = conn.execute(_IDS[part], values | {"skip": offset(number)}).scalars().all()
    return (ids, number) if ids or number == 1 else _ids(conn, values, part, 1)


def leads(visitor: Visitor) -> dict[str, Any]:
    """The values of `parts` that say which cohorts the visitor leads."""
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES)
    return {"leads_everywhere": EVERYWHERE in scopes, "led": sorted(scopes)}


def _row(row: Any, visitor: Visitor) -> QueueRow:
    left, tone = say_clock(row.promised_at, Calendar(zone(row.zone), read_days(row.holidays)), visitor.now.school)
    return QueueRow(
        id=row.id,
        title=row.title,
        course=row.course_title,
        cohort=row.cohort_name,
        learner=learner_called(row),
        attempt=row.attempt,
        receipt=row.receipt or "",
        late=row.late,
        handed_in=say_instant(row.submitted_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        claim=_claim(row, visitor),
        given=_given(row, visitor),
        left=left,
        tone=tone,
        found=_("The rules found something") if row.findings and row.checked_at is None else "",
    )


def _given(row: Any, visitor: Visitor) -> str:
    if row.given_to is None:
        return ""
    return _("Given to you") if row.given_to == visitor.me.id else _("Given to {name}", name=row.given_name)


def _claim(row: Any, visitor: Visitor) -> str:
    if row.grader_id is None:
        return ""
    until, lasts = clock(row.until, visitor.me.zone), row.until > visitor.now.real
    if row.grader_id == visitor.me.id:
        return (
            _("On your desk until {time}", time=until)
            if lasts
            else _("Your claim ended at {time}; your draft is kept", time=until)
        )
    return (
        _("{name} has it until {time}", name=row.grader_name, time=until)
        if lasts
        else _("{name}'s claim ended at {time}", name=row.grader_name, time=until)
    )
