"""From an award to its signed form: noted, built, signed, checked and baked outside of any transaction, then kept.

Each step can be the last before the process dies: the next sweep begins with the first again, and a form is kept once.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, update

from assessments.awards.models import AwardAddress, SharedEvidence
from assessments.badges.addresses import badge_url
from assessments.badges.baking import bake
from assessments.badges.issuer_addresses import move_to, note_first
from assessments.badges.keys import KeyRing
from assessments.badges.messages import badge_message
from assessments.badges.models import CredentialIssue
from assessments.badges.pictures import Pictures, achievement_pictures
from assessments.badges.plain import read_json
from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from assessments.badges.restating import restate
from assessments.badges.signing import Signed, Unsigned, sign
from assessments.badges.svg_baking import bake_svg
from assessments.status.places import status_object, take_place
from fourweek.accounts.service import EMAIL
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add_once, lock, new_id, table
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.outbox import post
from fourweek.settings import Settings
from fourweek.storage import Store
from fourweek.webhooks.service import tell

PIECE = 200
_LATER = timedelta(seconds=1)
OF_OLD = N_("It has two signatures and a place in a status list now.")

ADDRESS, SHARED = table(AwardAddress), table(SharedEvidence)
_STANDS = (AWARD.c.withdrawn_at.is_(None), AWARD.c.revoked_at.is_(None))
_ITS_FORM = and_(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == AWARD.c.number)
_LACKING: Select[Any] = select(AWARD.c.id).where(
    ~select(ISSUE.c.id).where(_ITS_FORM).exists(), *_STANDS, AWARD.c.id > bindparam("after")
)
# Forms from before status lists: the index on their empty digest finds them without reading every form.
_OLD: Select[Any] = (
    select(AWARD.c.id)
    .join_from(ISSUE, AWARD, _ITS_FORM)
    .where(ISSUE.c.jwt_sha256 == "", *_STANDS, AWARD.c.id > bindparam("after"))
)
_DUE = tuple(statement.order_by(AWARD.c.id).limit(PIECE) for statement in (_LACKING, _OLD))
_NUMBER_DUE = select(func.count()).select_from(_LACKING.union_all(_OLD).subquery())
_EMAIL = (
    select(func.min(EMAIL.c.address))
    .where(EMAIL.c.person_id == AWARD.c.person_id, EMAIL.c.is_primary)
    .correlate(AWARD)
    .scalar_subquery()
)
_AWARD: Select[Any] = select(AWARD, _EMAIL.label("email")).where(AWARD.c.id == bindparam("award"), *_STANDS)
_FORMS: Select[Any] = (
    select(ISSUE.c.number, ISSUE.c.jwt_sha256, ISSUE.c.issued_at)
    .where(ISSUE.c.award_id == bindparam("award"))
    .order_by(ISSUE.c.number)
)
_DOCUMENT = (
    select(ISSUE.c.document).where(ISSUE.c.award_id == bindparam("award")).order_by(ISSUE.c.number.desc()).limit(1)
)
# Only what is the earner's own to this day: an address that was given up may be somebody else's by now.
_FURTHER = (
    select(ADDRESS.c.address)
    .join(AWARD, AWARD.c.id == ADDRESS.c.award_id)
    .join(EMAIL, and_(EMAIL.c.address == ADDRESS.c.address, EMAIL.c.person_id == AWARD.c.person_id))
    .where(ADDRESS.c.award_id == bindparam("award"), EMAIL.c.verified_at.is_not(None))
    .order_by(ADDRESS.c.added_at)
)
_OPEN = select(SHARED.c.sha256).where(SHARED.c.award_id == bindparam("award"), SHARED.c.ended_at.is_(None))
_ASKED_FOR: Select[Any] = (
    select(ACHIEVEMENT.c.name, AWARD.c.base_url, AWARD.c.slug, AWARD.c.achievement_id)
    .add_columns(AWARD.c.awarded_at, AWARD.c.valid_until, AWARD.c.series_id)
    .join_from(AWARD, ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
)
_STILL = _ASKED_FOR.where(AWARD.c.id == bindparam("award"), AWARD.c.number == bindparam("number"), *_STANDS)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that signing needs. The pictures of an achievement are read once for many awards."""

    db: Database
    store: Store
    keys: KeyRing
    settings: Settings
    pictures: Callable[[str], Pictures]


def desk(db: Database, store: Store, keys: KeyRing, settings: Settings) -> Desk:
    """For one sweep."""
    pictures = lru_cache(maxsize=16)(partial(achievement_pictures, db, store, settings))
    return Desk(db, store, keys, settings, pictures)


def awards_due(db: Database) -> Iterator[str]:
    """Ids of awards that lack their newest form, or have it in the form of old; oldest first, read in pieces."""
    for statement in _DUE:
        after = ""
        while found := db.read_now(_ids, statement, after):
            yield from found
            after = found[-1]


def number_due(conn: Connection) -> int:
    """How many `awards_due` gives."""
    return int(conn.execute(_NUMBER_DUE, {"after": ""}).scalar_one())


def issue(desk: Desk, award_id: str, now: Now) -> bool:
    """Sign an award's newest form and keep it. False if it needs none, or the form was superseded meanwhile.

    Raises what `sign` does, and AnotherAddressError where the site's address is not one that was noted.
    """
    unsigned = desk.db.write_now(prepare, award_id, desk.settings.public_url, now.real)
    if unsigned is None:
        return False
    signed = sign(unsigned, desk.keys, desk.settings)
    pictures = desk.pictures(unsigned.achievement_id)
    png = desk.store.keep_bytes(bake(pictures.png, signed.document)).sha256
    svg = desk.store.keep_bytes(bake_svg(pictures.svg, document=signed.document)).sha256
    return desk.db.write_now(_keep, unsigned, signed, Baked(png, svg), now.real)


@dataclass(frozen=True, slots=True)
class Baked:
    """Digests of the pictures with the credential in them."""

    png: str
    svg: str


def prepare(conn: Connection, award_id: str, base_url: str, now: datetime) -> Unsigned | None:
    """What the award's next form says; None if it needs none. Notes its address and takes its place in a status list.

    A form of old gets a successor. `base_url` is the site's present address, `now` the real clock.
    """
    lock(conn, AWARD, award_id)
    forms = conn.execute(_FORMS, {"award": award_id}).all()
    award = conn.execute(_AWARD, {"award": award_id}).first()
    newest = forms[-1] if forms else None
    if award is None or (newest is not None and newest.number == award.number and newest.jwt_sha256):
        return None
    number, why = award.number, award.why
    if newest is not None and newest.number == award.number:
        number, why = restate(conn, award_id, OF_OLD, now, actor_id=None), OF_OLD
    base = award.base_url or _note_address(conn, award, base_url, now)
    place = take_place(conn, award_id, now, base)
    return Unsigned(
        award_id=award_id,
        number=number,
        why=why,
        first=newest is None,
        slug=award.slug,
        person_id=award.person_id,
        email=award.email or "",
        further_emails=tuple(conn.execute(_FURTHER, {"award": award_id}).scalars()),
        subject_id=award.subject_id,
        salt=award.salt,
        awarded_at=award.awarded_at,
        valid_until=award.valid_until,
        snapshot=award.snapshot,
        achievement_id=award.achievement_id,
        base_url=base,
        status=status_object(base, place),
        status_entry_id=place.entry_id,
        at=now if newest is None else max(now, newest.issued_at + _LATER),
        shared=frozenset(conn.execute(_OPEN, {"award": award_id}).scalars()),
    )


def _ids(conn: Connection, statement: Select[Any], after: str) -> list[str]:
    return list(conn.execute(statement, {"after": after}).scalars())


def _note_address(conn: Connection, award: Row[Any], base_url: str, now: datetime) -> str:
    """The address that the award's identifier begins with for ever: the one in its form of old, or the present one."""
    document = conn.execute(_DOCUMENT, {"award": award.id}).scalar()
    if document is None:
        base = base_url
        note_first(conn, base, now)
    else:
        base = str(read_json(document)["id"]).removesuffix(badge_url("", award.slug))
        move_to(conn, base, "Badges were signed here before addresses were noted.", now)
    conn.execute(update(AWARD).where(AWARD.c.id == award.id).values(base_url=base))
    return base


def _keep(conn: Connection, unsigned: Unsigned, signed: Signed, baked: Baked, now: datetime) -> bool:
    lock(conn, AWARD, unsigned.award_id)
    award = conn.execute(_STILL, {"award": unsigned.award_id, "number": unsigned.number}).first()
    if award is None:
        return False
    row = CredentialIssue(
        id=new_id(),
        award_id=unsigned.award_id,
        number=unsigned.number,
        why=unsigned.why,
        document=signed.document,
        document_sha256=hashlib.sha256(signed.document).hexdigest(),
        picture_sha256=baked.png,
        key_id=signed.key_id,
        jwt=signed.jwt,
        jwt_sha256=hashlib.sha256(signed.jwt.encode("ascii")).hexdigest(),
        jwt_key_id=signed.jwt_key_id,
        svg_sha256=baked.svg,
        status_entry_id=unsigned.status_entry_id,
        issued_at=unsigned.at,
    )
    if not add_once(conn, row):
        return False
    detail = {"number": row.number, "sha256": row.document_sha256, "key": row.key_id, "jwt_key": row.jwt_key_id}
    record(conn, "award.issue", "award", row.award_id, at=now, actor_id=None, detail=detail)
    _tell(conn, unsigned, award, now)
    return True


def _tell(conn: Connection, unsigned: Unsigned, award: Row[Any], now: datetime) -> None:
    """The earner hears of the first form; other programs hear of each."""
    if unsigned.first:
        data: dict[str, Any] = {"achievement": award.name, "path": f"/badges/{unsigned.slug}"}
        if award.series_id is not None:
            data["of_series"] = True
        post(conn, f"awarded:{unsigned.award_id}", "awarded", unsigned.person_id, now=now, data=data)
    kind = "badge.awarded" if unsigned.first else "badge.restated"
    said = badge_message(award, "valid") | {"number": unsigned.number}
    tell(conn, kind, f"{kind}:{unsigned.award_id}:{unsigned.number}", said, now)
