"""From badges that meet a series' rule to the series' badge: one transaction for each person, no signing in it."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Select, bindparam, func, select

from assessments.badges.addresses import badge_url
from assessments.badges.awarding import new_slug
from assessments.badges.ends import holds_until
from assessments.badges.identity import new_salt
from assessments.badges.models import Award
from assessments.badges.queries import achievement_shown
from assessments.badges.snapshot import AwardSnapshot, PartShown, read_snapshot
from assessments.stacking.queries import AWARD, Rule, earned_by, is_near, live_rules, near
from assessments.stacking.rules import Met, meeting
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT
from courses.schedule.walltime import local_day
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add_once, lock, new_id
from fourweek.light import dataclass
from fourweek.settings import Settings

log = structlog.get_logger(__name__)

PAUSE = timedelta(minutes=10)

_PARTS: Select[Any] = (
    select(AWARD.c.id, AWARD.c.slug, AWARD.c.base_url, AWARD.c.snapshot, AWARD.c.enrolment_id, COHORT.c.zone)
    .join(ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(AWARD.c.id.in_(bindparam("awards", expanding=True)))
)
_EARLIER = (
    select(AWARD.c.id)
    .where(
        AWARD.c.person_id == bindparam("person"),
        AWARD.c.series_id == bindparam("series"),
        AWARD.c.valid_until.is_not(None),
    )
    .order_by(AWARD.c.awarded_at.desc(), AWARD.c.id.desc())
    .limit(1)
)
_NEWEST_AWARD = select(func.max(AWARD.c.id))
_HOLDER = select(PERSON.c.legal_name).where(PERSON.c.id == bindparam("person"))


@dataclass(slots=True)
class SeriesBadges:
    """The worker's scan. Remembers what the last one found, so that a quiet tick costs three short statements.

    A new award or another rule is looked at in the next tick; whatever else may matter, such as a badge that was
    reinstated, after the pause.
    """

    db: Database
    settings: Settings
    mark: tuple[str, ...] = ()
    rests_until: datetime | None = None

    def run(self, now: Now) -> int:
        """Returns how many badges were awarded."""
        mark = self.db.read_now(_mark)
        if mark == self.mark and self.rests_until is not None and now.school < self.rests_until:
            return 0
        awarded = award_series_badges(self.db, self.settings, now)
        self.mark, self.rests_until = mark, now.school + PAUSE
        return awarded


def award_series_badges(db: Database, settings: Settings, now: Now) -> int:
    """Award every series' badge whose rule is met; returns how many. Safe to run twice, or at once."""
    return sum(
        _try(db, rule, person_id, settings, now)
        for rule in db.read_now(live_rules)
        for person_id in _through(db, rule, now)
    )


def award(conn: Connection, rule: Rule, person_id: str, settings: Settings, now: Now) -> bool:
    """Award a series' badge to somebody, once; False when that is done, or not due after all."""
    lock(conn, PERSON, person_id)
    asked = rule.asked
    if not is_near(conn, rule, person_id, now.school):
        return False
    met = meeting(asked, earned_by(conn, [person_id], asked.courses)[person_id])
    if met is None:
        return False
    parts = {row.id: row for row in conn.execute(_PARTS, {"awards": [one.award_id for one in met.parts]})}
    last = parts[met.last.award_id]
    made = Award(
        id=new_id(),
        slug=new_slug(),
        person_id=person_id,
        achievement_id=rule.achievement_id,
        enrolment_id=last.enrolment_id,
        series_id=rule.series_id,
        renews_id=conn.execute(_EARLIER, {"person": person_id, "series": rule.series_id}).scalar(),
        awarded_at=met.at,
        valid_until=holds_until(met.at, rule.valid_months, zone(last.zone)),
        subject_id=f"urn:uuid:{uuid.uuid4()}",
        salt=new_salt(),
        snapshot=_snapshot(conn, rule, person_id, met, parts, settings).stored(),
        recorded_at=now.real,
    )
    if not add_once(conn, made):
        return False
    detail = {"achievement": rule.achievement_id, "series": rule.series_code, "parts": sorted(parts)}
    record(conn, "award.make", "award", made.id, at=now.real, actor_id=None, detail=detail)
    return True


def _mark(conn: Connection) -> tuple[str, ...]:
    """Changes with every new award, and with the rules that hold."""
    return (conn.execute(_NEWEST_AWARD).scalar() or "", *(rule.id for rule in live_rules(conn)))


def _through(db: Database, rule: Rule, now: Now) -> Iterator[str]:
    """Those who meet a rule and do not have its badge; read in pieces."""
    asked, after = rule.asked, ""
    while people := db.read_now(near, rule, after, now.school):
        badges = db.read_now(earned_by, people, asked.courses)
        yield from (one for one in people if meeting(asked, badges[one]) is not None)
        after = people[-1]


def _try(db: Database, rule: Rule, person_id: str, settings: Settings, now: Now) -> bool:
    """One that fails is logged and tried again at the next tick; it does not stop the others."""
    try:
        return db.write_now(award, rule, person_id, settings, now)
    except Exception:
        log.exception("series badge not awarded", subject=person_id, series=rule.series_code)
        return False


def _snapshot(
    conn: Connection, rule: Rule, person_id: str, met: Met, parts: dict[str, Any], settings: Settings
) -> AwardSnapshot:
    achievement = achievement_shown(conn, rule.achievement_id)
    assert achievement is not None  # noqa: S101 a rule that is not ended has one
    said = {award_id: read_snapshot(row.snapshot) for award_id, row in parts.items()}
    where = parts[met.last.award_id].zone
    return AwardSnapshot(
        holder=conn.execute(_HOLDER, {"person": person_id}).scalar_one(),
        institution=settings.institution,
        achievement=achievement,
        minutes=sum(one.minutes for one in said.values()),
        ceu_tenths=sum(one.ceu_tenths for one in said.values()),
        completed_on=local_day(met.at, zone(where)),
        zone=where,
        evidence=(),
        parts=tuple(_part(parts[one.award_id], said[one.award_id], settings) for one in met.parts),
    )


def _part(row: Any, said: AwardSnapshot, settings: Settings) -> PartShown:
    return PartShown(
        name=said.achievement.name,
        course=said.achievement.course_title,
        awarded_on=said.completed_on,
        address=badge_url(row.base_url or settings.public_url, row.slug),
    )
