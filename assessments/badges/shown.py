"""Reading badges for those who look at them: the public, and the earner's own list."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.awards.models import AwardChoice, HolderShown, SharedEvidence
from assessments.badges.models import CredentialCheck
from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE, LATER, RENEWS
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT
from courses.paging import PER_PAGE, offset
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import Gone, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

CHOICE, CHECK, SHARED = table(AwardChoice), table(CredentialCheck), table(SharedEvidence)
NEWEST = (
    select(ISSUE.c.id)
    .where(ISSUE.c.award_id == AWARD.c.id)
    .order_by(ISSUE.c.number.desc())
    .limit(1)
    .correlate(AWARD)
    .scalar_subquery()
)
_RENEWING = select(LATER.c.id).where(RENEWS).order_by(LATER.c.id.desc()).limit(1).correlate(AWARD).scalar_subquery()
_NEWER, _ITS_CHOICE = AWARD.alias("newer"), CHOICE.alias("its_choice")
_STANDING = (
    AWARD.c.slug,
    AWARD.c.id,
    AWARD.c.number,
    AWARD.c.valid_until,
    AWARD.c.revoked_at,
    AWARD.c.withdrawn_at,
    ISSUE.c.id.label("issue_id"),
    CHOICE.c.holder,
    CHOICE.c.listed,
    CHOICE.c.shown,
    CHECK.c.checked_at,
    _NEWER.c.slug.label("newer_slug"),
    _NEWER.c.awarded_at.label("renewed_at"),
    _ITS_CHOICE.c.listed.label("newer_listed"),
    _ITS_CHOICE.c.shown.label("newer_shown"),
)
_FROM = (
    AWARD.outerjoin(ISSUE, ISSUE.c.id == NEWEST)
    .outerjoin(CHOICE, CHOICE.c.award_id == AWARD.c.id)
    .outerjoin(CHECK, CHECK.c.issue_id == ISSUE.c.id)
    .outerjoin(_NEWER, _NEWER.c.id == _RENEWING)
    .outerjoin(_ITS_CHOICE, _ITS_CHOICE.c.award_id == _NEWER.c.id)
)
_STATES: Select[Any] = select(*_STANDING).select_from(_FROM).where(AWARD.c.slug.in_(bindparam("slugs", expanding=True)))
_WHOLE: Select[Any] = (
    select(*_STANDING, *(AWARD.c[name] for name in ("snapshot", "achievement_id", "person_id", "base_url")))
    .add_columns(
        AWARD.c.awarded_at, CHOICE.c.revision, AWARD.c.why, AWARD.c.revoked_why, ISSUE.c.number.label("issue_number")
    )
    .add_columns(*(ISSUE.c[name] for name in ("document", "picture_sha256", "key_id", "issued_at")))
    .add_columns(*(ISSUE.c[name] for name in ("jwt", "svg_sha256", "jwt_key_id")))
    .add_columns(CHECK.c.mark, CHECK.c.report)
    .select_from(_FROM)
    .where(AWARD.c.slug == bindparam("slug"))
)
_FORM: Select[Any] = select(
    *(ISSUE.c[name] for name in ("id", "document", "jwt", "picture_sha256", "svg_sha256"))
).where(ISSUE.c.id == bindparam("issue"))
_SHARED: Select[Any] = select(SHARED.c.sha256).where(
    SHARED.c.award_id == bindparam("award"), SHARED.c.ended_at.is_(None)
)
_MINE: Select[Any] = (
    select(AWARD.c.slug, AWARD.c.awarded_at, AWARD.c.withdrawn_at, AWARD.c.revoked_at, NEWEST.label("issue_id"))
    .add_columns(ACHIEVEMENT.c.name, COHORT.c.zone, AWARD.c.valid_until)
    .add_columns(_NEWER.c.slug.label("newer_slug"), _NEWER.c.awarded_at.label("renewed_at"))
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .outerjoin(_NEWER, _NEWER.c.id == _RENEWING)
    .where(AWARD.c.person_id == bindparam("person"))
    .order_by(AWARD.c.awarded_at.desc(), AWARD.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_MINE_COUNT = select(func.count()).select_from(AWARD).where(AWARD.c.person_id == bindparam("person"))


class TakenDown(Gone):
    """The earner's own choice, which says nothing against the badge."""

    title = N_("This page was taken down")
    what_to_do = N_("Whoever earned the badge can give you its file. Check that on this site, under “Check a badge”.")


@dataclass(frozen=True, slots=True)
class Renewal:
    """The newer badge that an earner got for the same. `slug` is "" unless anybody may find it."""

    at: datetime
    slug: str


@dataclass(frozen=True, slots=True)
class AwardState:
    """How an award stands at this moment: all that decides what its page shows, but for the clock and the keys.

    `issue_id` is its newest signed form, None while there is none; `number` the one it is to have.
    """

    award_id: str
    issue_id: str | None
    withdrawn_at: datetime | None = None
    number: int = 1
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    renewal: Renewal | None = None
    holder: HolderShown = HolderShown.NAME
    listed: bool = False
    shown: bool = True
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedForm:
    """What machines are given of one signed form: the exact bytes, and the digests of the pictures that carry them."""

    issue_id: str
    document: bytes
    jwt: str
    picture_sha256: str
    svg_sha256: str


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check of a signed form, as it is kept."""

    at: datetime
    mark: str
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """A whole award with its newest signed form; the form's fields are empty while there is none.

    `shared` are the digests of the evidence that everybody may see. Whether the earner took the page down (`shown`)
    is for whoever shows it to mind; `revision` counts the earner's choices.
    """

    slug: str
    snapshot: Mapping[str, Any]
    achievement_id: str
    issue_id: str | None = None
    document: bytes = b""
    picture_sha256: str = ""
    key_id: str = ""
    issued_at: datetime | None = None
    award_id: str = ""
    person_id: str = ""
    base_url: str = ""
    number: int = 1
    issue_number: int = 0
    why: str = ""
    jwt: str = ""
    jwt_key_id: str = ""
    svg_sha256: str = ""
    awarded_at: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    revoked_why: str = ""
    withdrawn_at: datetime | None = None
    revision: int = 0
    holder: HolderShown = HolderShown.NAME
    listed: bool = False
    shown: bool = True
    check: LastCheck | None = None
    renewal: Renewal | None = None
    shared: frozenset[str] = frozenset()

    @property
    def being_signed(self) -> bool:
        """Whether a newer form than the one that is here was asked for."""
        return self.issue_number < self.number


@dataclass(frozen=True, slots=True)
class MyBadge:
    """A badge in its earner's list. `ends` is the last day that it holds, `renewed_on` that of the badge that renews
    it, `renewed_by` the newer one's address; "" where there is none."""

    slug: str
    name: str
    awarded: str
    signed: bool
    withdrawn: bool
    revoked: bool = False
    ends: str = ""
    has_ended: bool = False
    renewed_by: str = ""
    renewed_on: str = ""


def states(conn: Connection, slugs: frozenset[str]) -> dict[str, AwardState]:
    """{slug: how its award stands} for those that exist; one statement."""
    return {row.slug: _state(row) for row in conn.execute(_STATES, {"slugs": list(slugs)})}


def state(conn: Connection, _visitor: Visitor, slug: str) -> AwardState | None:
    return states(conn, frozenset([slug])).get(slug)


def standing(found: AwardState | None) -> AwardState:
    """The state of an award that may be shown. Raises NotFound for none, Gone for one that is shown no more."""
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise withdrawn(found.withdrawn_at)
    if not found.shown:
        raise taken_down()
    return found


def withdrawn(at: datetime) -> Gone:
    day = say_date(at.date())
    return Gone(_("The institution withdrew this badge on {day} (UTC). It no longer stands behind it.", day=day))


def taken_down() -> TakenDown:
    return TakenDown(_("Whoever earned this badge chose not to show its page. That says nothing against the badge."))


def award_record(conn: Connection, slug: str) -> AwardRecord:
    """An award as it stands, but for what evidence is shared; one statement. Raises NotFound, or Gone for a withdrawn
    one."""
    row = conn.execute(_WHOLE, {"slug": slug}).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise withdrawn(row.withdrawn_at)
    return _record(row)


def page_record(conn: Connection, slug: str) -> AwardRecord:
    """The same with the evidence that is shared, two statements."""
    return _with_shared(conn, award_record(conn, slug))


def own_record(conn: Connection, visitor: Visitor, slug: str) -> AwardRecord:
    """An award for whoever earned it, also when it is withdrawn; two statements. Raises NotFound for everybody else."""
    row = conn.execute(_WHOLE, {"slug": slug.replace("\0", "")}).first()
    if row is None or row.person_id != visitor.me.id:
        raise NotFound
    return _with_shared(conn, _record(row))


def signed_form(conn: Connection, issue_id: str) -> SignedForm:
    """The bytes of one signed form; one statement. Raises NotFound."""
    row = conn.execute(_FORM, {"issue": issue_id}).first()
    if row is None:
        raise NotFound
    return SignedForm(row.id, row.document, row.jwt, row.picture_sha256, row.svg_sha256)


def my_badges(conn: Connection, visitor: Visitor, number: int) -> tuple[tuple[MyBadge, ...], int]:
    """One page of the visitor's badges, newest first, and how many there are; two statements."""
    person = {"person": visitor.me.id}
    rows = conn.execute(_MINE, person | {"skipped": offset(number)})
    badges = tuple(_my_badge(row, visitor.now.real) for row in rows)
    return badges, conn.execute(_MINE_COUNT, person).scalar_one()


def _my_badge(row: Row[Any], now: datetime) -> MyBadge:
    return MyBadge(
        slug=row.slug,
        name=row.name,
        awarded=_day(row.awarded_at, row.zone),
        signed=row.issue_id is not None,
        withdrawn=row.withdrawn_at is not None,
        revoked=row.revoked_at is not None,
        ends=_day(row.valid_until, row.zone),
        has_ended=row.valid_until is not None and row.valid_until < now,
        renewed_by=row.newer_slug or "",
        renewed_on=_day(row.renewed_at, row.zone),
    )


def _day(instant: datetime | None, zone_name: str) -> str:
    return say_date(instant.astimezone(zone(zone_name)).date()) if instant else ""


def _with_shared(conn: Connection, found: AwardRecord) -> AwardRecord:
    return replace(found, shared=frozenset(conn.execute(_SHARED, {"award": found.award_id}).scalars()))


def _state(row: Row[Any]) -> AwardState:
    return AwardState(
        award_id=row.id,
        issue_id=row.issue_id,
        withdrawn_at=row.withdrawn_at,
        number=row.number,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        renewal=_renewal(row),
        holder=row.holder or HolderShown.NAME,
        listed=bool(row.listed),
        shown=row.shown is not False,
        checked_at=row.checked_at,
    )


def _record(row: Row[Any]) -> AwardRecord:
    return AwardRecord(
        slug=row.slug,
        snapshot=row.snapshot,
        achievement_id=row.achievement_id,
        issue_id=row.issue_id,
        document=row.document or b"",
        picture_sha256=row.picture_sha256 or "",
        key_id=row.key_id or "",
        issued_at=row.issued_at,
        award_id=row.id,
        person_id=row.person_id,
        base_url=row.base_url,
        number=row.number,
        issue_number=row.issue_number or 0,
        why=row.why,
        jwt=row.jwt or "",
        jwt_key_id=row.jwt_key_id or "",
        svg_sha256=row.svg_sha256 or "",
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
        awarded_at=row.awarded_at,
        withdrawn_at=row.withdrawn_at,
        revision=row.revision or 0,
        holder=row.holder or HolderShown.NAME,
        listed=bool(row.listed),
        shown=row.shown is not False,
        check=LastCheck(row.checked_at, row.mark, row.report) if row.checked_at else None,
        renewal=_renewal(row),
    )


def _renewal(row: Row[Any]) -> Renewal | None:
    if row.newer_slug is None:
        return None
    return Renewal(row.renewed_at, row.newer_slug if row.newer_listed and row.newer_shown else "")
