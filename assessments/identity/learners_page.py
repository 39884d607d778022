"""What a learner reads of anonymous grading: what it means, what names them, and who judged their work."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk
from assessments.evidence.forms import Answer
from assessments.evidence.views import AssignmentPage, DraftForm, SlotView
from assessments.identity.names import former_names, former_of, grader_called
from assessments.identity.self_naming import Author, named_in
from courses.enrolment.models import Enrolment
from fourweek.accounts.models import EmailAddress, Person
from fourweek.database import table
from fourweek.language.lists import in_a_row, quoted

PERSON, ADDRESS, ENROLMENT = table(Person), table(EmailAddress), table(Enrolment)
_AUTHOR: Select[Any] = (
    select(PERSON.c.legal_name, PERSON.c.display_name, PERSON.c.learner_number, ADDRESS.c.address)
    .add_columns(former_names(PERSON.c.id))
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            ADDRESS, ADDRESS.c.person_id == PERSON.c.id
        )
    )
    .where(ENROLMENT.c.id == bindparam("enrolment"))
)


def hidden_author(conn: Connection, desk: Desk) -> Author | None:
    """Who somebody is whose grading is anonymous, by one statement; None where it is not, by none."""
    if not desk.anonymous:
        return None
    rows = conn.execute(_AUTHOR, {"enrolment": desk.place.enrolment_id}).all()
    names = tuple(dict.fromkeys((rows[0].legal_name, rows[0].display_name, *former_of(rows[0]))))
    addresses = tuple(row.address for row in rows if row.address)
    return Author(names, addresses, rows[0].learner_number)


def as_graded(conn: Connection, desk: Desk, page: AssignmentPage) -> AssignmentPage:
    """The learner's page with flags beside slots that name them, and with who judged each attempt; one statement where
    grading is anonymous."""
    author = hidden_author(conn, desk)
    hidden = author is not None
    by = {tried.number: grader_called(tried.decider, anonymous=hidden) for tried in desk.tries if tried.decision_id}
    earlier = tuple(replace(attempt, by=by.get(attempt.number, "")) for attempt in page.earlier)
    form = _flagged(page.form, author) if page.form and author else page.form
    return replace(page, earlier=earlier, form=form, anonymous=hidden)


def _flagged(form: DraftForm, author: Author) -> DraftForm:
    changes = replace(form.changes, named=named_words(form.changes, author)) if form.changes else None
    return replace(
        form, slots=tuple(replace(slot, named=named_words(slot, author)) for slot in form.slots), changes=changes
    )


def named_words(slot: SlotView, author: Author) -> str:
    """What of the author a slot of the form names, in words; "" for nothing."""
    if slot.locked or slot.check:
        return ""
    if slot.kind == RequirementKind.FILES:
        names = (file.name for file in slot.files)
        return _said(one for name in names for one in named_in(name, author, running=False))
    return _said(named_in(slot.value, author, running=slot.kind != RequirementKind.LINKS))


def saved_words(conn: Connection, desk: Desk, answers: Iterable[Answer]) -> str:
    """The same for what was typed into one slot and saved; one statement where grading is anonymous."""
    author = hidden_author(conn, desk)
    if author is None:
        return ""
    kept = ((one.typed, one.kind is not RequirementKind.LINKS) for one in answers)
    return _said(one for typed, running in kept for one in named_in(typed, author, running=running))


def _said(found: Iterable[str]) -> str:
    return in_a_row(quoted(one) for one in dict.fromkeys(found))
