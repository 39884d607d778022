"""Who takes part in the questions of a module: fetched and authorised in one step."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from courses.learning.access import Reader, reader_of_open
from courses.learning.outline import outline
from courses.questions.queries import EVER, question_row, reply_row
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, SignedIn, Visitor
from fourweek.errors import NotFound
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is: the questions of a module, one of them, or a reply to it ("" where it is none)."""

    cohort_id: str
    module_number: int
    question_id: str = ""
    reply_id: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may read a module, and so asks and replies; who teaches the cohort moderates too."""

    reader: Reader
    me: SignedIn
    teaches: bool
    number: int
    now: datetime

    @property
    def cohort_id(self) -> str:
        return self.reader.cohort.id

    @property
    def address(self) -> str:
        """Where the module's questions are."""
        return f"{self.reader.address}/modules/{self.number}/questions"

    @property
    def until(self) -> datetime:
        """The instant up to which questions are read: in a view that of the view."""
        return self.now if self.reader.view else EVER

    def sees(self, post: Row[Any]) -> bool:
        """Whether the words of a question or reply may be shown: what is hidden only to its author and who teaches."""
        return post.hidden_at is None or self.teaches or post.author_id == self.me.id

    def say(self, instant: datetime) -> Said:
        return say_instant(instant, zone(self.reader.cohort.zone), zone(self.me.zone), self.now)


def member_of(conn: Connection, visitor: Visitor, spot: Spot) -> Member:
    """The visitor at the questions of an open module. Raises NotFound for everybody who may not read it."""
    return member_for(reader_of_open(conn, visitor, spot.cohort_id, spot.module_number), visitor, spot.module_number)


def member_for(found: Reader, visitor: Visitor, module_number: int) -> Member:
    """A reader for whom the module is open, at its questions."""
    teaches = visitor.me.may(Permission.TEACH, found.cohort.id)
    return Member(found, visitor.me, teaches, module_number, visitor.now.school)


def question_of(conn: Connection, member: Member, question_id: str) -> Row[Any]:
    """A question of the module. Raises NotFound."""
    row = question_row(conn, member.cohort_id, member.number, question_id, member.until)
    if row is None:
        raise NotFound
    return row


def post_at(conn: Connection, spot: Spot, question: Row[Any]) -> Row[Any]:
    """The reply at the spot, else the question itself. Raises NotFound."""
    post = reply_row(conn, spot.cohort_id, question.id, spot.reply_id) if spot.reply_id else question
    if post is None:
        raise NotFound
    return post


def module_title(conn: Connection, member: Member) -> str:
    """The title of the module, from the outline that is kept."""
    return outline(conn, member.reader.cohort.version_id)[member.number - 1].title
