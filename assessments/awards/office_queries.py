"""Reading awards for the registrar: the list, one award with its signed forms, and what was done with it."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, true

from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from assessments.names.queries import is_suppressed
from assessments.status.places import ENTRY, LIST, NEWEST_PLACE
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.accounts.service import EMAIL
from fourweek.audit.service import ROW
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.searching import holds

_ADDRESS = re.compile(r"/badges/([^/?#\s]+)")
_SIGNED = select(ISSUE.c.id).where(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == AWARD.c.number).exists()
_STANDS = and_(AWARD.c.withdrawn_at.is_(None), AWARD.c.revoked_at.is_(None))
_COLUMNS = (
    *(AWARD.c[name] for name in ("id", "slug", "awarded_at", "valid_until", "revoked_at", "withdrawn_at")),
    ACHIEVEMENT.c.name,
    PERSON.c.legal_name,
    PERSON.c.learner_number,
    _SIGNED.label("is_signed"),
)
_SOURCE = AWARD.join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id).join(
    PERSON, PERSON.c.id == AWARD.c.person_id
)
_REVOKER = PERSON.alias("revoker")
_ONE: Select[Any] = (
    select(*_COLUMNS)
    .add_columns(*(AWARD.c[name] for name in ("number", "why", "snapshot", "base_url", "revoked_why", "withdrawn_why")))
    .add_columns(_REVOKER.c.display_name.label("revoked_by"), LIST.c.number.label("list_number"))
    .add_columns(ENTRY.c.place, ENTRY.c.set_at, is_suppressed(AWARD.c.person_id, AWARD.c.withdrawn_at).label("hushed"))
    .select_from(
        _SOURCE.outerjoin(_REVOKER, _REVOKER.c.id == AWARD.c.revoked_by)
        .outerjoin(ENTRY, ENTRY.c.id == NEWEST_PLACE)
        .outerjoin(LIST, LIST.c.id == ENTRY.c.list_id)
    )
    .where(AWARD.c.id == bindparam("award"))
)
_FORM_NAMES = ("id", "number", "why", "issued_at", "document_sha256", "jwt_sha256", "picture_sha256", "svg_sha256")
# A form says the name of when it was signed.
_HUSHED = is_suppressed(AWARD.c.person_id, ISSUE.c.issued_at)
_FORMS: Select[Any] = (
    select(*(ISSUE.c[name] for name in (*_FORM_NAMES, "key_id", "jwt_key_id")), _HUSHED.label("hushed"))
    .join(AWARD, AWARD.c.id == ISSUE.c.award_id)
    .where(ISSUE.c.award_id == bindparam("award"))
    .order_by(ISSUE.c.number.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_FORMS_COUNT = select(func.count()).select_from(ISSUE).where(ISSUE.c.award_id == bindparam("award"))
_FORM: Select[Any] = (
    select(ISSUE.c.document, ISSUE.c.jwt, ISSUE.c.picture_sha256, ISSUE.c.svg_sha256, ISSUE.c.number)
    .join(AWARD, AWARD.c.id == ISSUE.c.award_id)
    .where(ISSUE.c.award_id == bindparam("award"), ISSUE.c.number == bindparam("number"), ~_HUSHED)
)
_OF_AWARD = (ROW.c.subject_kind == "award", ROW.c.subject_id == bindparam("award"))
_ACTS: Select[Any] = (
    select(ROW.c.at, ROW.c.act, ROW.c.reason, ROW.c.detail, PERSON.c.display_name)
    .outerjoin(PERSON, PERSON.c.id == ROW.c.actor_id)
    .where(*_OF_AWARD)
    .order_by(ROW.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_ACTS_COUNT = select(func.count()).select_from(ROW).where(*_OF_AWARD)


class Show(StrEnum):
    """Which awards are listed."""

    ALL = "all"
    VALID = "valid"
    REVOKED = "revoked"
    EXPIRED = "expired"
    BEING_SIGNED = "being-signed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed to: words typed, and how the awards stand."""

    words: str = ""
    show: Show = Show.ALL

    @classmethod
    def of(cls, words: str, show: str) -> "Chosen":
        """As it stands in an address; what is not known is the first choice."""
        return cls(words.strip()[:300], Show(show) if show in set(Show) else Show.ALL)


def awards(conn: Connection, chosen: Chosen, now: datetime, number: int) -> tuple[list[Row[Any]], int]:
    """One page of the awards that fit, the newest first, and how many there are; two statements. Real clock."""
    fits = and_(_in_words(chosen.words), _stands_as(chosen.show, now))
    wanted: Select[Any] = (
        select(*_COLUMNS)
        .select_from(_SOURCE)
        .where(fits)
        .order_by(AWARD.c.id.desc())
        .limit(PER_PAGE)
        .offset(offset(number))
    )
    total = conn.execute(select(func.count()).select_from(_SOURCE).where(fits)).scalar_one()
    return list(conn.execute(wanted).all()), total


def one_award(conn: Connection, award_id: str) -> Row[Any]:
    """An award with its holder, what it is of, and its newest place. Raises NotFound."""
    row = conn.execute(_ONE, {"award": award_id}).first()
    if row is None:
        raise NotFound
    return row


def forms(conn: Connection, award_id: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of its signed forms, the newest first, and how many there are; two statements."""
    rows = conn.execute(_FORMS, {"award": award_id, "skipped": offset(number)}).all()
    return list(rows), conn.execute(_FORMS_COUNT, {"award": award_id}).scalar_one()


def one_form(conn: Connection, award_id: str, number: int) -> Row[Any]:
    """The exact bytes of a signed form, and the digests of its pictures.

    Raises NotFound, also for one that says a name which is shown nowhere any more.
    """
    row = conn.execute(_FORM, {"award": award_id, "number": number}).first()
    if row is None:
        raise NotFound
    return row


def acts(conn: Connection, award_id: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of what was done with an award, the newest first, and how much that is; two statements."""
    rows = conn.execute(_ACTS, {"award": award_id, "skipped": offset(number)}).all()
    return list(rows), conn.execute(_ACTS_COUNT, {"award": award_id}).scalar_one()


def _stands_as(show: Show, now: datetime) -> ColumnElement[bool]:
    expired = and_(AWARD.c.valid_until.is_not(None), AWARD.c.valid_until <= now)
    return {
        Show.ALL: true(),
        Show.VALID: and_(_STANDS, _SIGNED, ~expired),
        Show.REVOKED: and_(AWARD.c.withdrawn_at.is_(None), AWARD.c.revoked_at.is_not(None)),
        Show.EXPIRED: and_(_STANDS, _SIGNED, expired),
        Show.BEING_SIGNED: and_(_STANDS, ~_SIGNED),
        Show.WITHDRAWN: AWARD.c.withdrawn_at.is_not(None),
    }[show]


def _in_words(words: str) -> ColumnElement[bool]:
    """Every word in the holder's or the badge's name; or the badge's address, or a mail address or learner number."""
    if address := _ADDRESS.search(words):
        return AWARD.c.slug == address.group(1)
    in_names = and_(true(), *(holds(word, PERSON.c.legal_name, ACHIEVEMENT.c.name) for word in words.split()))
    if not words or " " in words:
        return in_names
    owner = select(EMAIL.c.person_id).where(EMAIL.c.address == words.lower())
    number = func.lower(PERSON.c.learner_number) == words.lower()
    return or_(in_names, AWARD.c.slug == words, AWARD.c.person_id.in_(owner), number)
