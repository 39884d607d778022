"""Posting, changing and withdrawing announcements. The worker writes to the learners (see `notices`)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from courses.announcements.forms import AnnouncementForm
from courses.announcements.models import Announcement
from courses.announcements.pages import AnnouncementFormPage, WithdrawPage
from courses.announcements.queries import ANNOUNCEMENT
from courses.enrolment.access import ENROLMENT, SECTION
from courses.learning.access import teacher_of
from fourweek import outbox
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _

LONGEST_REASON = 500
PIECE = 500

_ONE = select(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == bindparam("id"), ANNOUNCEMENT.c.cohort_id == bindparam("cohort"))
_SECTIONS = (
    select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_PEOPLE = select(ENROLMENT.c.person_id).where(ENROLMENT.c.cohort_id == bindparam("cohort"))


def letter_key(announcement_id: str, person_id: str, told: int) -> str:
    """The outbox's key of the letter to one person; `told` is the round."""
    return f"announcement:{announcement_id}:{person_id}" + (f":{told}" if told > 1 else "")


def form_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    announcement_id: str | None = None,
    typed: AnnouncementForm | None = None,
    errors: Mapping[str, str] | None = None,
    preview: str = "",
) -> AnnouncementFormPage:
    """The form, empty, with what is announced already, or with what was typed."""
    found = teacher_of(conn, visitor, cohort_id)
    known = _open_one(conn, cohort_id, announcement_id) if announcement_id else None
    sections = () if known else tuple((row.id, row.name) for row in conn.execute(_SECTIONS, {"cohort": cohort_id}))
    return AnnouncementFormPage(
        cohort_id=cohort_id,
        course_title=found.cohort.course_title,
        announcement_id=announcement_id,
        typed=typed or (_form_of(known) if known else AnnouncementForm(new_id())),
        sections=sections,
        errors=errors or {},
        preview=preview,
    )


def post_announcement(conn: Connection, visitor: Visitor, cohort_id: str, typed: AnnouncementForm, html: str) -> str:
    """Keep an announcement; returns its id, the same one for a form sent twice. Raises Invalid."""
    teacher_of(conn, visitor, cohort_id)
    sections = {row.id for row in conn.execute(_SECTIONS, {"cohort": cohort_id})}
    if typed.section and typed.section not in sections:
        raise Invalid({"section": _("That section is not there any more. Choose again.")})
    row = Announcement(
        id=typed.key,
        cohort_id=cohort_id,
        section_id=typed.section or None,
        title=typed.title,
        body=typed.body,
        html=html,
        author_id=visitor.me.id,
        posted_at=visitor.now.school,
    )
    if add_once(conn, row):
        _note(conn, visitor, "announcement.post", row.id, title=row.title, section_id=row.section_id)
    return row.id


def edit_announcement(
    conn: Connection, visitor: Visitor, cohort_id: str, announcement_id: str, typed: AnnouncementForm, html: str
) -> None:
    """Change what is announced. Nobody is written to again unless that was chosen. Raises Invalid."""
    teacher_of(conn, visitor, cohort_id)
    lock(conn, ANNOUNCEMENT, announcement_id)
    known = _open_one(conn, cohort_id, announcement_id)
    if typed.seen != _state_of(known):
        raise Invalid({"": _("Somebody changed this announcement meanwhile. Open it in another tab and compare.")})
    again = {"round": known.round + 1, "told_at": None} if typed.tell_again else {}
    values = {"title": typed.title, "body": typed.body, "html": html, "edited_at": visitor.now.school} | again
    conn.execute(update(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == announcement_id).values(values))
    detail = {"title": typed.title, "before": known.title, "told_again": bool(again)}
    _note(conn, visitor, "announcement.edit", announcement_id, **detail)


def withdraw_page(
    conn: Connection, visitor: Visitor, cohort_id: str, announcement_id: str, reason: str = "", error: str | None = None
) -> WithdrawPage:
    found = teacher_of(conn, visitor, cohort_id)
    known = _open_one(conn, cohort_id, announcement_id)
    return WithdrawPage(cohort_id, found.cohort.course_title, announcement_id, known.title, reason, error)


def withdraw_announcement(
    conn: Connection, visitor: Visitor, cohort_id: str, announcement_id: str, reason: str
) -> None:
    """Take an announcement back, and the letters that have not left yet. Raises Invalid without a reason."""
    teacher_of(conn, visitor, cohort_id)
    lock(conn, ANNOUNCEMENT, announcement_id)
    known = _open_one(conn, cohort_id, announcement_id)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("Give a reason of at most {count} characters.", count=LONGEST_REASON)})
    now = visitor.now
    values = {"withdrawn_at": now.school, "withdrawn_by": visitor.me.id, "told_at": known.told_at or now.real}
    conn.execute(update(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == announcement_id).values(values))
    _note(conn, visitor, "announcement.withdraw", announcement_id, reason=reason, title=known.title)
    people = conn.execute(_PEOPLE, {"cohort": cohort_id}).scalars().all()
    keys = [letter_key(announcement_id, one, told) for one in people for told in range(1, known.round + 1)]
    for start in range(0, len(keys), PIECE):
        outbox.withdraw(conn, *keys[start : start + PIECE])


def _open_one(conn: Connection, cohort_id: str, announcement_id: str) -> Row[Any]:
    """An announcement of the cohort. Raises NotFound, or Conflict once it is withdrawn."""
    row = conn.execute(_ONE, {"id": announcement_id, "cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at:
        raise Conflict(_("This announcement was withdrawn."), what_to_do=_("Write a new one."))
    return row


def _form_of(known: Row[Any]) -> AnnouncementForm:
    return AnnouncementForm(key=known.id, title=known.title, body=known.body, seen=_state_of(known))


def _state_of(known: Row[Any]) -> str:
    return str((known.edited_at or known.posted_at).isoformat())


def _note(
    conn: Connection, visitor: Visitor, act: str, announcement_id: str, *, reason: str = "", **detail: Any
) -> None:
    record(
        conn,
        act,
        "announcement",
        announcement_id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=reason,
        detail=detail,
    )
