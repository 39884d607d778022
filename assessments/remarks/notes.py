"""Notes between those who grade a submission. Its learner sees none of them, on no page and in no letter."""

from datetime import datetime

from sqlalchemy import Boolean, Connection, String, and_, bindparam, exists, or_, select

from assessments.evidence.models import Step, Submission
from assessments.grading.models import Purpose, Rating, RatingState
from assessments.remarks.models import GraderNote
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Person
from fourweek.audit.service import record
from fourweek.database import add, new_id, table
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.prepared import Prepared
from fourweek.words import say_whole

NOTE, SUBMISSION, RATING, AUTHOR = table(GraderNote), table(Submission), table(Rating), table(Person).alias("author")
LONGEST, MOST = 4_000, 100
"""Characters of a note, and how many of a submission are shown."""

_ME, _MINE = bindparam("me", type_=String), bindparam("on_my_desk", type_=Boolean)
_MY_RATING = and_(RATING.c.submission_id == NOTE.c.submission_id, RATING.c.grader_id == _ME)
_DONE = exists(select(RATING.c.id).where(_MY_RATING, RATING.c.state == RatingState.DONE).correlate(NOTE))
_AT_IT = exists(
    select(RATING.c.id)
    .where(_MY_RATING, RATING.c.state == RatingState.DRAFT, RATING.c.purpose != Purpose.RECONCILING)
    .correlate(NOTE)
)
# Whoever has yet to judge without knowing what others think reads their own notes alone.
_READABLE = or_(
    NOTE.c.author_id == _ME,
    _DONE,
    and_(_MINE, SUBMISSION.c.step == Step.RATING),
    and_(bindparam("leads", type_=Boolean), ~_AT_IT, or_(~_MINE, SUBMISSION.c.step == Step.RECONCILING)),
)
_NOTES = Prepared(
    select(NOTE.c.id, NOTE.c.text, NOTE.c.written_at, AUTHOR.c.display_name)
    .join_from(NOTE, AUTHOR, AUTHOR.c.id == NOTE.c.author_id)
    .join(SUBMISSION, SUBMISSION.c.id == NOTE.c.submission_id)
    .where(NOTE.c.submission_id == bindparam("submission"), _READABLE)
    .order_by(NOTE.c.written_at.desc(), NOTE.c.id.desc())
    .limit(MOST)
)
_LAST = (
    select(NOTE.c.text)
    .where(NOTE.c.submission_id == bindparam("submission"), NOTE.c.author_id == bindparam("me"))
    .order_by(NOTE.c.written_at.desc(), NOTE.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was written; `at` is the real clock."""

    author: str
    text: str
    at: datetime


def notes_of(
    conn: Connection, visitor: Visitor, submission_id: str, *, on_my_desk: bool, leads: bool
) -> tuple[Note, ...]:
    """The newest notes on a submission, newest last; one statement. The caller has authorised it.

    Those of others are read by whoever has done rating, by the first who rates (`on_my_desk`), and by those who lead
    (`leads`) and rate it themselves only to settle two ratings.
    """
    values = {"submission": submission_id, "me": visitor.me.id, "on_my_desk": on_my_desk, "leads": leads}
    rows = _NOTES.all(conn, **values)
    return tuple(Note(row.display_name, row.text, row.written_at) for row in reversed(rows))


def note_problems(text: str) -> dict[str, str]:
    """Why a note cannot be kept, {field name: sentence}."""
    if len(text) <= LONGEST:
        return {}
    words = n_(
        "This has {size} character; at most {most} are kept. Shorten it.",
        "This has {size} characters; at most {most} are kept. Shorten it.",
        len(text),
        size=say_whole(len(text)),
        most=say_whole(LONGEST),
    )
    return {"note": words}


def write_note(conn: Connection, visitor: Visitor, submission_id: str, text: str) -> None:
    """Add a note; the same one twice in a row is one. The caller has authorised it. Raises Invalid."""
    if problems := note_problems(text) or ({} if text.strip() else {"note": _("Write the note first.")}):
        raise Invalid(problems)
    if conn.execute(_LAST, {"submission": submission_id, "me": visitor.me.id}).scalar() == text:
        return
    real = visitor.now.real
    row = GraderNote(id=new_id(), submission_id=submission_id, author_id=visitor.me.id, text=text, written_at=real)
    add(conn, row)
    record(conn, "note.written", "submission", submission_id, at=real, actor_id=visitor.me.id)
