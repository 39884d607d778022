"""From an award to its signed form: built, signed, checked and baked outside of any transaction, then kept."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from assessments.badges.addresses import achievement_url, badge_url, issuer_profile, picture_url
from assessments.badges.baking import bake
from assessments.badges.checks import Verdict, check_credential
from assessments.badges.document import build_credential
from assessments.badges.facts import AwardFacts
from assessments.badges.keys import KeyRing
from assessments.badges.models import CredentialIssue
from assessments.badges.picture import BadgePicture, draw_png
from assessments.badges.plain import read_json, write_json
from assessments.badges.proof import sign_credential
from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from assessments.badges.snapshot import AwardSnapshot, read_snapshot
from fourweek.accounts.service import EMAIL
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add_once, lock, new_id
from fourweek.outbox import post
from fourweek.settings import Settings
from fourweek.storage import Store

PIECE = 20
FIRST = 1

_ADDRESS = (
    select(func.min(EMAIL.c.address))
    .where(EMAIL.c.person_id == AWARD.c.person_id, EMAIL.c.is_primary)
    .correlate(AWARD)
    .scalar_subquery()
)
_UNSIGNED: Select[Any] = (
    select(AWARD, _ADDRESS.label("email"), ACHIEVEMENT.c.picture_sha256, ACHIEVEMENT.c.name.label("achievement_name"))
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .outerjoin(ISSUE, ISSUE.c.award_id == AWARD.c.id)
    .where(ISSUE.c.id.is_(None), AWARD.c.withdrawn_at.is_(None), AWARD.c.id > bindparam("after"))
    .order_by(AWARD.c.id)
    .limit(PIECE)
)
_STANDS = select(AWARD.c.id).where(AWARD.c.id == bindparam("award"), AWARD.c.withdrawn_at.is_(None))


class BadgeDoesNotHoldError(RuntimeError):
    """What was just signed does not pass our own checks; it is not kept."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """An award that has no signed form yet."""

    award_id: str
    slug: str
    person_id: str
    email: str
    subject_id: str
    salt: str
    awarded_at: datetime
    snapshot: Mapping[str, Any]
    achievement_id: str
    achievement_name: str
    picture_sha256: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The exact bytes of a credential, and the public key they hold under."""

    document: bytes
    key_id: str


def unsigned_awards(db: Database) -> Iterator[Unsigned]:
    """Every award without a signed form, oldest first; read in pieces."""
    after = ""
    while found := db.read_now(_some, after):
        yield from found
        after = found[-1].award_id


def issue(db: Database, store: Store, keys: KeyRing, settings: Settings, award: Unsigned, now: Now) -> bool:
    """Sign an award and keep it: the picture first, then the row. False when somebody else was quicker."""
    signed = sign(award, keys, settings, now.real)
    plain = achievement_picture(db, store, settings, award.achievement_id, award.achievement_name, award.picture_sha256)
    baked = store.keep_bytes(bake(plain, signed.document))
    return db.write_now(_keep, award, signed, baked.sha256, now)


def sign(award: Unsigned, keys: KeyRing, settings: Settings, now: datetime) -> Signed:
    """The credential of an award, signed and checked. `now` is the real clock.

    Raises BadgeDoesNotHoldError, and ValueError for an award that cannot be written as a badge.
    """
    snapshot, issuer = read_snapshot(award.snapshot), issuer_profile(settings)
    achievement = snapshot.achievement.facts(
        achievement_url(issuer.url, award.achievement_id), picture_url(issuer.url, award.achievement_id)
    )
    document = build_credential(issuer, achievement, _facts(award, snapshot, settings, now))
    data = write_json(sign_credential(document, keys.signing, created=now))
    report = check_credential(read_json(data), issuers={issuer.id: keys.public}, now=now)
    if report.verdict is not Verdict.VALID:
        raise BadgeDoesNotHoldError(f"Award {award.award_id}: {report.verdict}.")
    return Signed(data, keys.signing.public.multibase)


def achievement_picture(
    db: Database, store: Store, settings: Settings, achievement_id: str, name: str, sha256: str
) -> bytes:
    """The achievement's picture, unbaked; drawn and kept when it is first needed, or the store has lost it."""
    if sha256 and store.has(sha256):
        with store.open(sha256) as file:
            return file.read()
    picture = BadgePicture(title=name, institution=settings.institution, colour=settings.institution_colour)
    drawn = draw_png(picture)
    db.write_now(_note_picture, achievement_id, store.keep_bytes(drawn).sha256)
    return drawn


def _some(conn: Connection, after: str) -> list[Unsigned]:
    return [
        Unsigned(
            award_id=row.id,
            slug=row.slug,
            person_id=row.person_id,
            email=row.email or "",
            subject_id=row.subject_id,
            salt=row.salt,
            awarded_at=row.awarded_at,
            snapshot=row.snapshot,
            achievement_id=row.achievement_id,
            achievement_name=row.achievement_name,
            picture_sha256=row.picture_sha256,
        )
        for row in conn.execute(_UNSIGNED, {"after": after})
    ]


def _facts(award: Unsigned, snapshot: AwardSnapshot, settings: Settings, now: datetime) -> AwardFacts:
    return AwardFacts(
        id=badge_url(settings.public_url, award.slug),
        subject_id=award.subject_id,
        email=award.email,
        salt=award.salt,
        awarded_at=award.awarded_at,
        valid_from=now,
        results=snapshot.results(),
        evidence=snapshot.evidence_facts(),
        ceu_tenths=snapshot.ceu_tenths,
    )


def _note_picture(conn: Connection, achievement_id: str, sha256: str) -> None:
    conn.execute(update(ACHIEVEMENT).where(ACHIEVEMENT.c.id == achievement_id).values(picture_sha256=sha256))


def _keep(conn: Connection, award: Unsigned, signed: Signed, picture_sha256: str, now: Now) -> bool:
    lock(conn, AWARD, award.award_id)
    if conn.execute(_STANDS, {"award": award.award_id}).first() is None:
        return False
    row = CredentialIssue(
        id=new_id(),
        award_id=award.award_id,
        number=FIRST,
        document=signed.document,
        document_sha256=hashlib.sha256(signed.document).hexdigest(),
        picture_sha256=picture_sha256,
        key_id=signed.key_id,
        issued_at=now.real,
    )
    if not add_once(conn, row):
        return False
    detail = {"number": FIRST, "sha256": row.document_sha256, "key": signed.key_id}
    record(conn, "award.issue", "award", award.award_id, at=now.real, actor_id=None, detail=detail)
    data = {"achievement": award.achievement_name, "path": f"/badges/{award.slug}"}
    post(conn, f"awarded:{award.award_id}", "awarded", award.person_id, now=now.real, data=data)
    return True
