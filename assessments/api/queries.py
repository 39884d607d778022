"""Reading awards for programs: what a badge says and how it stands, one by its address or a page of one's own."""

from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select

from assessments.api.badges import badge_of, status_of
from assessments.api.shapes import Badge, BadgeStatus, MyBadges
from assessments.awards.models import AwardChoice
from assessments.badges.queries import AWARD, ISSUE, LATER, RENEWS
from assessments.badges.shown import TakenDown
from assessments.status.models import StatusEntry, StatusList
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import Gone, NotFound
from fourweek.settings import Settings

CHOICE, ENTRY, LIST = table(AwardChoice), table(StatusEntry), table(StatusList)
_NEWEST = select(func.max(ISSUE.c.number)).where(ISSUE.c.award_id == AWARD.c.id).correlate(AWARD).scalar_subquery()
_RENEWED = select(LATER.c.id).where(RENEWS).correlate(AWARD).exists()
_FACTS = ("slug", "snapshot", "achievement_id", "base_url", "number", "valid_until", "revoked_at", "revoked_why")
_BADGES: Select[Any] = (
    select(*(AWARD.c[name] for name in _FACTS), AWARD.c.withdrawn_at, CHOICE.c.holder, CHOICE.c.shown)
    .add_columns(ISSUE.c.number.label("signed"), ISSUE.c.jwt_sha256, ISSUE.c.svg_sha256, _RENEWED.label("renewed"))
    .add_columns(LIST.c.number.label("list_number"), LIST.c.base_url.label("list_base"), ENTRY.c.place)
    .select_from(AWARD)
    .outerjoin(CHOICE, CHOICE.c.award_id == AWARD.c.id)
    .outerjoin(ISSUE, and_(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == _NEWEST))
    .outerjoin(ENTRY, ENTRY.c.id == ISSUE.c.status_entry_id)
    .outerjoin(LIST, LIST.c.id == ENTRY.c.list_id)
)
_ONE = _BADGES.where(AWARD.c.slug == bindparam("slug"))
_OWN = and_(AWARD.c.person_id == bindparam("person"), AWARD.c.withdrawn_at.is_(None))
_MINE = (
    _BADGES.where(_OWN)
    .order_by(AWARD.c.awarded_at.desc(), AWARD.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_MINE_COUNT = select(func.count()).select_from(AWARD).where(_OWN)


def badge(conn: Connection, visitor: Visitor, slug: str, settings: Settings) -> Badge:
    """The badge of an award. Raises NotFound, Gone for a withdrawn one, TakenDown where its earner hides the page."""
    row = _award(conn, slug)
    if row.shown is False:
        raise TakenDown
    return badge_of(row, settings, visitor.now.real)


def status(conn: Connection, visitor: Visitor, slug: str) -> BadgeStatus:
    """How an award stands, also where its earner hides the page: the file can be checked all the same.

    Raises NotFound, or Gone for a withdrawn one.
    """
    return status_of(_award(conn, slug), visitor.now.real)


def mine(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> MyBadges:
    """Page `number` of the visitor's own badges; two statements. Raises SignInNeeded."""
    person = {"person": visitor.me.id}
    rows = conn.execute(_MINE, person | {"skipped": offset(number)}).all()
    badges = [badge_of(row, settings, visitor.now.real) for row in rows]
    total = conn.execute(_MINE_COUNT, person).scalar_one()
    return MyBadges(badges=badges, page=number, per_page=PER_PAGE, total=total)


def _award(conn: Connection, slug: str) -> Row[Any]:
    row = conn.execute(_ONE, {"slug": slug}).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Gone("The institution withdrew this badge. It no longer stands behind it.")
    return row
