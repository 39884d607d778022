"""The outbox of law 11: a notice is a row in the transaction that causes it.

It is listed for its reader at once, and leaves by mail later, at least once. A row that its reader wants neither way is
kept too, so that it is never sent later.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import JSON, ColumnElement, Connection, Index, and_, bindparam, delete, func, or_, select, text, update
from sqlmodel import Field, SQLModel

from fourweek.accounts.models import EmailAddress, Person
from fourweek.database import INSTANT, Database, add, add_all_once, new_id, table
from fourweek.language import spoken
from fourweek.light import dataclass
from fourweek.notices.kinds import MAIL_ONLY, OPTIONAL
from fourweek.notices.models import NoticeChoice, UnsubscribeAddress

log = structlog.get_logger(__name__)

BATCH = 50
PIECE = 200
LEASE = timedelta(minutes=5)
HOLD = LEASE.total_seconds() / 2
LONGEST_TURN = 20.0
PARK_AFTER = 8
LONGEST_PAUSE = timedelta(minutes=2**PARK_AFTER)
NEEDS_PASSWORD = "needs_password"  # noqa: S105
"""A letter whose data says so brings the link for a first password: no choice holds it back."""


class OutboxMessage(SQLModel, table=True):
    """One notice to one person, once per `key`. `kind` names the template, `data` its values (JSON).

    Without a person it is a letter to an address that nobody has yet, which its data names as `to`.

    Instants are of the real clock. `shown_from` is when it counts: listed from then on, if `in_product`, and not sent
    before. `try_at` is the next try to send it, None when there is none to come.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_reader", "person_id", "shown_from"),
        Index(
            "ix_outbox_message_unread",
            "person_id",
            "shown_from",
            sqlite_where=text("in_product = 1 AND seen_at IS NULL"),
            postgresql_where=text("in_product AND seen_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=60)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=INSTANT)
    shown_from: datetime = Field(sa_type=INSTANT)
    try_at: datetime | None = Field(default=None, sa_type=INSTANT, index=True)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)
    problem: str = Field(default="", max_length=500)
    by_mail: bool = True
    in_product: bool = True
    seen_at: datetime | None = Field(default=None, sa_type=INSTANT)


OUTBOX, EMAIL, PERSON = table(OutboxMessage), table(EmailAddress), table(Person)
CHOICE, UNSUBSCRIBE = table(NoticeChoice), table(UnsubscribeAddress)
_CHOICES = select(CHOICE.c.person_id, CHOICE.c.by_mail, CHOICE.c.in_product).where(
    CHOICE.c.kind == bindparam("kind"), CHOICE.c.person_id.in_(bindparam("people", expanding=True))
)
_TOKENS = select(UNSUBSCRIBE.c.person_id, UNSUBSCRIBE.c.token).where(
    UNSUBSCRIBE.c.person_id.in_(bindparam("people", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail about to leave at `at`. `message_id` stays the same on every try, so that a reader sees it once.

    `unsubscribe` is the random part of the address that turns its kind off, "" where nothing can be turned off.
    `language` is its reader's, "" where they chose none.
    """

    message_id: str
    at: datetime
    to: str
    kind: str
    data: Mapping[str, Any]
    unsubscribe: str = ""
    language: str = ""


Send = Callable[[Letter], None]


@dataclass(frozen=True, slots=True)
class Mail:
    """One of many notices of a kind that are put into the outbox together."""

    key: str
    person_id: str
    data: Mapping[str, Any]


def post(
    conn: Connection,
    key: str,
    kind: str,
    person_id: str,
    *,
    now: datetime,
    data: Mapping[str, Any],
    at: datetime | None = None,
) -> bool:
    """Put a notice into the outbox unless `key` is there already; says whether it was new.

    It counts from `at`, else at once. Both instants are of the real clock.
    """
    return post_all(conn, kind, [Mail(key, person_id, data)], now=now, at=at) == 1


def post_to(conn: Connection, key: str, kind: str, address: str, *, now: datetime, data: Mapping[str, Any]) -> None:
    """Put a letter into the outbox for an address, whether or not anybody here has it. Its data names it as `to`.

    It is written in the language spoken now: whoever asked for it reads it.
    """
    row = OutboxMessage(
        id=new_id(),
        key=key,
        kind=kind,
        person_id=None,
        data={**data, "to": address, "language": spoken()},
        created_at=now,
        shown_from=now,
        try_at=now,
        in_product=False,
    )
    add(conn, row)


def post_all(conn: Connection, kind: str, mails: Sequence[Mail], *, now: datetime, at: datetime | None = None) -> int:
    """Put notices of one kind into the outbox, the way their readers want them; returns how many were new.

    Two statements at most, however many there are. Keys that are there already are left alone.
    """
    ways = _ways(conn, kind, {one.person_id for one in mails}) if kind in OPTIONAL and mails else {}
    rows = [_row(kind, one, ways.get(one.person_id, (True, True)), now, at or now) for one in mails]
    return add_all_once(conn, *rows) if rows else 0


def _ways(conn: Connection, kind: str, people: Collection[str]) -> dict[str, tuple[bool, bool]]:
    """(by mail, in the product) for those who chose about this kind."""
    rows = conn.execute(_CHOICES, {"kind": kind, "people": list(people)})
    return {row.person_id: (row.by_mail, row.in_product) for row in rows}


def _row(kind: str, one: Mail, way: tuple[bool, bool], now: datetime, at: datetime) -> OutboxMessage:
    by_mail, in_product = way[0] or bool(one.data.get(NEEDS_PASSWORD)), way[1]
    return OutboxMessage(
        id=new_id(),
        key=one.key,
        kind=kind,
        person_id=one.person_id,
        data=dict(one.data),
        created_at=now,
        shown_from=at,
        try_at=at if by_mail else None,
        by_mail=by_mail,
        in_product=in_product and kind not in MAIL_ONLY,
    )


def withdraw(conn: Connection, *keys: str) -> None:
    """Take notices back: one that has not left by mail is gone, and can be posted again; others are not listed more."""
    conn.execute(delete(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.sent_at.is_(None)))
    conn.execute(update(OUTBOX).where(OUTBOX.c.key.in_(keys)).values(in_product=False))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many letters could have left and have not, and since when the oldest of them could."""

    waiting: int
    due_since: datetime | None

    def late_seconds(self, now: datetime) -> int:
        return int((now - self.due_since).total_seconds()) if self.due_since else 0


def standing(conn: Connection, now: datetime) -> Standing:
    """How much waits. A letter that was tried is due since it first could have left."""
    due = select(func.count(), func.min(OUTBOX.c.shown_from))
    found = conn.execute(
        due.where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at.is_not(None), OUTBOX.c.shown_from <= now)
    )
    count, since = found.one()
    return Standing(count, since)


def parked(conn: Connection) -> int:
    """How many letters are tried no more, after so many tries that failed."""
    given_up = (OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at.is_(None), OUTBOX.c.attempts >= PARK_AFTER)
    return int(conn.execute(select(func.count()).select_from(OUTBOX).where(*given_up)).scalar_one())


def waiting(conn: Connection, kinds: Iterable[str], now: datetime) -> list[str]:
    """Keys of notices whose mail is due and has not left."""
    due = select(OUTBOX.c.key).where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at <= now, OUTBOX.c.kind.in_(kinds))
    return list(conn.execute(due).scalars())


def recall(db: Database, keys: Collection[str], now: datetime) -> None:
    """Send no mail for these any more, apart from letters that are leaving at this moment. They stay listed."""
    stale = sorted(keys)
    for start in range(0, len(stale), PIECE):
        db.write_now(_recall, stale[start : start + PIECE], now)


def _recall(conn: Connection, keys: list[str], now: datetime) -> None:
    wait = update(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at <= now)
    conn.execute(wait.values(by_mail=False, try_at=None))


def deliver(db: Database, send: Send, now: datetime, limit: int = BATCH) -> int:
    """Send what is due, in pieces, for one turn at most; returns how many letters left.

    A piece is leased by a conditional update, so that two workers never take the same row. Where one dies between the
    mail server's yes and the note of it, the letter leaves again when the lease ends, under the same Message-ID.
    """
    began, sent = monotonic(), 0
    while (spent := monotonic() - began) < LONGEST_TURN:
        at = now + timedelta(seconds=int(spent))
        taken = db.write_now(_lease, at, limit)
        sent += _send_all(db, send, taken, at)
        if len(taken) < limit:
            break
    return sent


def _send_all(db: Database, send: Send, letters: list[tuple[Letter, int]], now: datetime) -> int:
    """Send a leased piece. Where the server is slow, the rest waits for the end of the lease."""
    began, sent = monotonic(), 0
    for letter, attempts in letters:
        if monotonic() - began > HOLD:
            break
        try:
            send(letter)
        except Exception as error:  # noqa: BLE001 a letter that fails must not stop the others
            log.warning("mail failed", message=letter.message_id, problem=type(error).__name__)
            db.write_now(_failed, letter.message_id, attempts + 1, str(error)[:500], now)
        else:
            db.write_now(_sent, letter.message_id, now)
            sent += 1
    return sent


def _lease(conn: Connection, now: datetime, limit: int) -> list[tuple[Letter, int]]:
    """Letters that are due, each with how often it was tried, for this worker alone until the lease ends."""
    due = (
        select(
            OUTBOX.c.id,
            OUTBOX.c.kind,
            OUTBOX.c.person_id,
            OUTBOX.c.data,
            OUTBOX.c.attempts,
            EMAIL.c.address,
            PERSON.c.language,
        )
        .outerjoin(EMAIL, and_(EMAIL.c.person_id == OUTBOX.c.person_id, EMAIL.c.is_primary))
        .outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)
        .where(OUTBOX.c.sent_at.is_(None), _may_try(now))
        .where(or_(EMAIL.c.address.is_not(None), OUTBOX.c.person_id.is_(None)))
        .order_by(OUTBOX.c.try_at, OUTBOX.c.id)
        .limit(limit)
    )
    rows = conn.execute(due).all()
    claim = update(OUTBOX).where(OUTBOX.c.id.in_([row.id for row in rows]), OUTBOX.c.sent_at.is_(None), _may_try(now))
    mine = set(conn.execute(claim.values(try_at=now + LEASE).returning(OUTBOX.c.id)).scalars()) if rows else set()
    tokens = _tokens(conn, {row.person_id for row in rows if row.id in mine and _is_choice(row)})
    return [(_letter(row, now, _way_out(row, tokens)), row.attempts) for row in rows if row.id in mine]


def _letter(row: Any, now: datetime, way_out: str) -> Letter:
    language = row.language or ("" if row.person_id else row.data.get("language", ""))
    return Letter(row.id, now, row.address or row.data["to"], row.kind, row.data, way_out, language)


def _may_try(now: datetime) -> ColumnElement[bool]:
    """Whether a letter may be tried: its next try has come, or was set while the clock was far ahead."""
    return or_(OUTBOX.c.try_at <= now, and_(OUTBOX.c.try_at > now + LONGEST_PAUSE, OUTBOX.c.shown_from <= now))


def _way_out(row: Any, tokens: Mapping[str, str]) -> str:
    return tokens[row.person_id] if _is_choice(row) else ""


def _is_choice(row: Any) -> bool:
    return row.kind in OPTIONAL and not row.data.get(NEEDS_PASSWORD)


def _tokens(conn: Connection, people: set[str]) -> dict[str, str]:
    """The random part of each person's address for turning mail off, made when it is first needed."""
    known = _known_tokens(conn, people) if people else {}
    if new := [UnsubscribeAddress(person_id=one, token=secrets.token_urlsafe(32)) for one in people - known.keys()]:
        add_all_once(conn, *new)
        known = _known_tokens(conn, people)
    return known


def _known_tokens(conn: Connection, people: set[str]) -> dict[str, str]:
    return {row.person_id: row.token for row in conn.execute(_TOKENS, {"people": sorted(people)})}


def _sent(conn: Connection, message_id: str, now: datetime) -> None:
    conn.execute(update(OUTBOX).where(OUTBOX.c.id == message_id).values(sent_at=now, try_at=None, problem=""))


def _failed(conn: Connection, message_id: str, attempts: int, problem: str, now: datetime) -> None:
    later = None if attempts >= PARK_AFTER else now + timedelta(minutes=2**attempts)
    conn.execute(
        update(OUTBOX).where(OUTBOX.c.id == message_id).values(attempts=attempts, problem=problem, try_at=later)
    )
