"""What the registrar's page about a learner's identity and holds shows, in words."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from assessments.holds.pages import Waiting, waiting_of
from assessments.identity_checks.models import CheckMethod
from assessments.identity_checks.queries import Check, checks_of, newest_check
from assessments.record.queries import one_learner, registrar
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from courses.paging import Pager, pager, query
from courses.schedule.words import say_date
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _
from fourweek.light import dataclass

METHODS: Final[Mapping[CheckMethod, str]] = {
    CheckMethod.DOCUMENT_IN_PERSON: N_("Document seen in person"),
    CheckMethod.DOCUMENT_BY_VIDEO: N_("Document seen by video"),
    CheckMethod.EMPLOYER: N_("Vouched for by the employer"),
    CheckMethod.LICENCE_REGISTER: N_("Found in the board’s register"),
    CheckMethod.ELECTRONIC_ID: N_("Electronic identity"),
}
MOST_COURSES: Final = 100
_COURSES: Select[Any] = (
    select(ENROLMENT.c.id, VERSION.c.title, COHORT.c.name)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(ENROLMENT.c.person_id == bindparam("person"))
    .order_by(ENROLMENT.c.enrolled_at.desc(), ENROLMENT.c.id)
    .limit(MOST_COURSES)
)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check; `result` is (words, tone)."""

    method: str
    day: str
    result: tuple[str, str]
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class IdentityPage:
    """Checks and open holds of a learner, and the forms; `typed` are the fields of the form that was sent."""

    name: str
    number: str
    checks: tuple[CheckRow, ...]
    pager: Pager
    waiting: tuple[Waiting, ...]
    methods: tuple[tuple[str, str], ...]
    courses: tuple[tuple[str, str], ...]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def identity_page(conn: Connection, visitor: Visitor, learner_number: str, number: int) -> IdentityPage:
    """One page of a learner's checks, with all that is held; five statements. Raises NotFound."""
    registrar(visitor)
    person = one_learner(conn, learner_number)
    checks, total = checks_of(conn, person.id, number)
    rows = conn.execute(_COURSES, {"person": person.id})
    return IdentityPage(
        name=person.legal_name,
        number=learner_number,
        checks=tuple(_row(check) for check in checks),
        pager=pager(number, total, lambda n: query(page=n)),
        waiting=waiting_of(conn, person.id),
        methods=tuple((method.value, words) for method, words in METHODS.items()),
        courses=(("", _("All courses")), *((row.id, f"{row.title}, {row.name}") for row in rows)),
    )


def newest_words(conn: Connection, person_id: str) -> CheckRow | None:
    """The check that counts, in words; one statement."""
    check = newest_check(conn, person_id)
    return _row(check) if check else None


def _row(check: Check) -> CheckRow:
    result = (_("Passed"), "good") if check.passed else (_("Not passed"), "bad")
    return CheckRow(_(METHODS[check.method]), say_date(check.checked_on), result, check.note, check.recorder)
