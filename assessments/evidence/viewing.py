"""An assignment with the eyes of a learner, for staff who look on: what was handed in and posted by then, no form."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk, Where, desk_at
from assessments.evidence.pages import for_learner
from assessments.evidence.queries import EVIDENCE, SUBMISSION, work_of_many
from assessments.evidence.standing import as_of
from assessments.evidence.views import AssignmentPage, AttemptView, ItemView
from assessments.evidence.words import TONES, say_state
from assessments.identity.names import is_anonymous
from courses.enrolment.access import ENROLMENT
from courses.learning.access import View
from courses.schedule.zones import zone
from courses.viewing.access import look_on
from courses.viewing.pages import Whose
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound
from fourweek.files import StoredFile
from fourweek.scanning.gate import let_out, verdict_of

_FILE = (
    select(
        EVIDENCE.c.sha256,
        EVIDENCE.c.size,
        EVIDENCE.c.media_type,
        EVIDENCE.c.file_name,
        is_anonymous(ENROLMENT).label("anonymous"),
        verdict_of(EVIDENCE.c.sha256),
    )
    .join(SUBMISSION, SUBMISSION.c.id == EVIDENCE.c.submission_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(
        EVIDENCE.c.id == bindparam("evidence"),
        EVIDENCE.c.kind == RequirementKind.FILES,
        EVIDENCE.c.purged_at.is_(None),
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        SUBMISSION.c.submitted_at <= bindparam("now"),
    )
)


def assignment_as(conn: Connection, visitor: Visitor, whose: Whose, number: int, key: str) -> AssignmentPage:
    """The assignment as its learner saw it, without what is only typed so far. Raises NotFound for a module that was
    not open then. Whoever grades anonymously there learns nothing of what was handed in. At most eleven statements once
    frozen parts are kept."""
    seen = look_on(conn, visitor, *whose)
    place, view, now = seen.found.place, seen.found.view, seen.eyes.now.school
    if place is None or view is None:
        raise NotFound
    desk = _handed_in(desk_at(conn, place, now, Where(place.cohort.id, number, key).known()))
    page = for_learner(conn, desk, viewer=zone(seen.eyes.me.zone))
    works = work_of_many(conn, {place.enrolment_id: place.cohort.version_id}, now)[place.enrolment_id]
    state = next((work.state for work in works if work.key == key), desk.state)
    if hidden := page.anonymous and visitor.me.may(Permission.GRADE, place.cohort.id, place.section_id):
        page = replace(page, earlier=(), chosen={}, coaching=None)
    week = f"{view.address}/modules/{desk.where.module_number}"
    (course, _), (module, _), title = page.crumbs
    return replace(
        page,
        view=view,
        path=f"{week}/assignments/{key}",
        crumbs=((course, view.address), (module, week), title),
        state=say_state(state),
        tone=TONES[state],
        form=None,
        may_begin=False,
        withheld=hidden,
        earlier=tuple(_inside(attempt, view) for attempt in page.earlier),
    )


def evidence_as(conn: Connection, visitor: Visitor, whose: Whose, evidence_id: str) -> StoredFile:
    """A file that this learner had handed in by then. Raises NotFound for every other, and for whoever is meant not to
    know whose it is; HeldBack or BeingChecked for what a scanner has yet to let go."""
    seen = look_on(conn, visitor, *whose)
    place = seen.found.place
    enrolment, section = (place.enrolment_id, place.section_id) if place else ("", None)
    values = {"evidence": evidence_id.replace("\0", ""), "enrolment": enrolment, "now": seen.eyes.now.school}
    row = conn.execute(_FILE, values).first()
    if row is None or (row.anonymous and visitor.me.may(Permission.GRADE, seen.found.cohort.id, section)):
        raise NotFound
    let_out(row.verdict, mine=False)
    return StoredFile(row.sha256, row.size, row.media_type, row.file_name)


def _handed_in(desk: Desk) -> Desk:
    """The desk with the attempts that were handed in by its instant."""
    then = (replace(tried, attempt=as_of(tried.attempt, desk.now)) for tried in desk.tries)
    return replace(desk, tries=tuple(tried for tried in then if not tried.attempt.is_draft))


def _inside(attempt: AttemptView, view: View) -> AttemptView:
    """The attempt with links that stay in the view; its receipt is its learner's own."""
    return replace(attempt, receipt="", compare="", items=tuple(_item_inside(item, view) for item in attempt.items))


def _item_inside(item: ItemView, view: View) -> ItemView:
    files = tuple(
        replace(file, href="" if file.checked else f"{view.address}/evidence/{file.id}", view="") for file in item.files
    )
    return replace(item, files=files, check="")
