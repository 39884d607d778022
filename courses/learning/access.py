"""Who may read what of a cohort: fetched and authorised in one step (laws 1, 2 and 9)."""

from datetime import datetime

from sqlalchemy import Connection

from courses.cohorts.queries import CohortFacts, cohort_facts
from courses.enrolment.access import Place, my_place
from courses.schedule.rules import EffectiveDates, all_dates, effective_dates, is_open
from courses.schedule.words import Said
from fourweek.accounts.access import Permission, SignedIn, Visitor
from fourweek.errors import NotFound
from fourweek.light import dataclass

SERVES = (Permission.GRADE, Permission.RUN_COHORT, Permission.PUBLISH_COURSE, Permission.TEACH)


@dataclass(frozen=True, slots=True)
class View:
    """Staff look on with the eyes of a learner, as of an instant. No page of a view has anything that writes.

    `address` is what its links begin with, `choose` where another instant is chosen; `typed` is the instant as that
    form holds it, `problem` what is wrong with one that was typed. `notes` say what such a view cannot show, `reason`
    why whoever looks on does so. `back`: the route of the cohort's page that they came from, empty for their own home.
    """

    address: str
    choose: str
    cohort_id: str
    cohort_name: str
    person: str
    instant: Said
    typed: str
    is_now: bool
    notes: tuple[str, ...] = ()
    problem: str = ""
    reason: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read a cohort. Without a place of their own: staff, who read everything and leave no marks.

    With a `view` it is somebody else's place that is looked at.
    """

    cohort: CohortFacts
    place: Place | None
    view: View | None = None

    @property
    def is_staff(self) -> bool:
        return self.place is None

    @property
    def address(self) -> str:
        """What the links of the cohort's pages begin with."""
        return self.view.address if self.view else f"/cohorts/{self.cohort.id}"

    def dates(self, module_number: int, now: datetime) -> EffectiveDates:
        """The dates of one module at `now` (the school's clock). Raises NotFound for a module that is not there."""
        if not 1 <= module_number <= self.cohort.rules.module_count:
            raise NotFound
        if self.place is not None:
            return self.place.dates(module_number, now)
        return effective_dates(self.cohort.rules, module_number, now=now)

    def all_dates(self, now: datetime) -> tuple[EffectiveDates, ...]:
        """The dates of every module, module n at index n - 1."""
        return self.place.all_dates(now) if self.place else all_dates(self.cohort.rules, now=now)

    def may_read(self, dates: EffectiveDates, now: datetime) -> bool:
        """Whether lessons and files of a module with these dates may be shown now."""
        return self.is_staff or is_open(dates, now)


def reader(conn: Connection, visitor: Visitor, cohort_id: str) -> Reader:
    """The visitor as a reader of the cohort: a learner by their place, else staff who serve it. Raises NotFound."""
    me = visitor.me
    try:
        place = my_place(conn, visitor, cohort_id)
    except NotFound:
        return Reader(_served(conn, me, cohort_id), None)
    return Reader(place.cohort, place)


def reader_of_open(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int) -> Reader:
    """A reader for whom the module is open. Raises NotFound for everybody else: what is locked is not there."""
    return for_whom_open(reader(conn, visitor, cohort_id), module_number, visitor.now.school)


def for_whom_open(found: Reader, module_number: int, now: datetime) -> Reader:
    """The same reader, if the module is open for them at `now`. Raises NotFound otherwise."""
    if not found.may_read(found.dates(module_number, now), now):
        raise NotFound
    return found


def teacher_of(conn: Connection, visitor: Visitor, cohort_id: str) -> Reader:
    """A reader who teaches the cohort. Forbidden for its other readers, NotFound for everybody else."""
    found = reader(conn, visitor, cohort_id)
    visitor.need(Permission.TEACH, cohort_id)
    return found


def _served(conn: Connection, me: SignedIn, cohort_id: str) -> CohortFacts:
    if not any(me.may_in_part(permission, cohort_id) for permission in SERVES):
        raise NotFound
    facts = cohort_facts(conn, cohort_id)
    if facts is None:
        raise NotFound
    return facts
