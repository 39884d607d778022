"""What a learner, a grader and a file are called, by who looks: the one place that decides it.

Statements over `submission`, `enrolment` and `assignment` add the columns of NAMING and take the value `me`;
`learner_called` and `file_called` say the rest of such a row.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, String, bindparam, exists, false, func, select

from assessments.assignments.models import Assignment
from assessments.evidence.kinds import media_type
from assessments.evidence.models import Submission
from assessments.evidence.names import ending_of
from assessments.identity.models import Reveal
from assessments.names.models import NameChange
from assessments.terms.models import GradingTerms
from courses.enrolment.models import Enrolment
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.language import N_, _

A_GRADER, A_LEAD = N_("a grader"), N_("a lead")
NO_KIND = ".bin"
_UNKNOWN = media_type("")
_TERMS, _REVEAL, _LEARNER = table(GradingTerms), table(Reveal), table(Person).alias("learner")
_CHANGE = table(NameChange)


class Named(Protocol):
    """A row that holds the columns of NAMING."""

    @property
    def pseudonym(self) -> str: ...
    @property
    def learner_name(self) -> str: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def revealed(self) -> bool: ...


def is_anonymous(enrolment: Any) -> ColumnElement[bool]:
    """Whether the cohort of an enrolment is graded anonymously."""
    found = select(_TERMS.c.anonymous).where(_TERMS.c.cohort_id == enrolment.c.cohort_id).correlate(enrolment)
    return func.coalesce(found.scalar_subquery(), false())


def is_revealed(enrolment: Any, assignment: Any) -> ColumnElement[bool]:
    """Whether `me` looked behind the name of whoever has the enrolment, for this assignment."""
    looked = select(_REVEAL.c.id).where(
        _REVEAL.c.enrolment_id == enrolment.c.id,
        _REVEAL.c.assignment_key == assignment.c.key,
        _REVEAL.c.lead_id == bindparam("me", type_=String),
    )
    return exists(looked.correlate(enrolment, assignment))


def naming(submission: Any, enrolment: Any, assignment: Any) -> tuple[ColumnElement[Any], ...]:
    """NAMING for a statement that selects from these tables or aliases."""
    name = select(_LEARNER.c.display_name).where(_LEARNER.c.id == enrolment.c.person_id).correlate(enrolment)
    return (
        submission.c.pseudonym,
        name.scalar_subquery().label("learner_name"),
        is_anonymous(enrolment).label("anonymous"),
        is_revealed(enrolment, assignment).label("revealed"),
    )


def names_of(row: Any) -> tuple[str, ...]:
    """Every name the learner has or had, for what must not say it; of a row that selects `ALL_NAMES` too."""
    return tuple(dict.fromkeys((row.learner_name, row.legal_name, *former_of(row))))


def former_of(row: Any) -> tuple[str, ...]:
    """Names before the one of now, shown or not: work of then may say them."""
    return tuple((row.former_names or "").splitlines())


_SUBMISSION, _ENROLMENT, _ASSIGNMENT = table(Submission), table(Enrolment), table(Assignment)
NAMING = naming(_SUBMISSION, _ENROLMENT, _ASSIGNMENT)
LEGAL_NAME = (
    select(_LEARNER.c.legal_name)
    .where(_LEARNER.c.id == _ENROLMENT.c.person_id)
    .correlate(_ENROLMENT)
    .scalar_subquery()
    .label("legal_name")
)


def former_names(person_id: Any) -> ColumnElement[Any]:
    """Former names of the person in this column, a line each; None for nobody's."""
    approved = (_CHANGE.c.person_id == person_id, _CHANGE.c.approved)
    found = select(func.aggregate_strings(_CHANGE.c.former, "\n")).where(*approved)
    return found.correlate(person_id.table).scalar_subquery().label("former_names")


ALL_NAMES = (LEGAL_NAME, former_names(_ENROLMENT.c.person_id))
_OF_MANY: Select[Any] = (
    select(_SUBMISSION.c.id, *NAMING)
    .join(_ENROLMENT, _ENROLMENT.c.id == _SUBMISSION.c.enrolment_id)
    .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _SUBMISSION.c.assignment_id)
    .where(_SUBMISSION.c.id.in_(bindparam("submissions", expanding=True)))
)


def hides(row: Named) -> bool:
    """Whether whose work it is stays hidden from the visitor."""
    return bool(row.anonymous) and not row.revealed


def learner_called(row: Named) -> str:
    """What the visitor reads for the learner: the name, or in an anonymous cohort what stands for it."""
    return row.pseudonym if hides(row) else row.learner_name


def learners_called(conn: Connection, me: str, submission_ids: Iterable[str]) -> dict[str, str]:
    """`learner_called` for a page of submissions, by their ids; one statement. The caller has authorised them.

    Long lists ask this for the page alone: SQLite works columns out for every row that it sorts.
    """
    ids = list(submission_ids)
    rows = conn.execute(_OF_MANY, {"submissions": ids, "me": me}) if ids else ()
    return {row.id: learner_called(row) for row in rows}


def grader_called(name: str, *, anonymous: bool, lead: bool = False) -> str:
    """What a learner reads for whoever judged their work, in the middle of a sentence."""
    return name if not anonymous else _(A_LEAD) if lead else _(A_GRADER)


def file_called(row: Named, slot: str, position: int, name: str) -> str:
    """What the visitor reads for a file called `name`, the one at `position` (from 0) in a slot."""
    return neutral_name(row.pseudonym, slot, position, name) if hides(row) else name


def neutral_name(pseudonym: str, slot: str, position: int, name: str) -> str:
    """Such as "P-7K2Q9MHT-report-1.pdf". Of the file's own name only an ending we know stays."""
    ending = ending_of(name)
    known = ending if media_type(ending) != _UNKNOWN else NO_KIND
    return f"{pseudonym}-{slot}-{position + 1}{known}"
