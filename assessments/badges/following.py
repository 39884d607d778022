"""A decision that is replaced after the award: a badge that says too little is stated anew, one that says too much is
left alone, and the registrars are told. Nothing is ever lowered without a person.
"""

from collections.abc import Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.badges.queries import AWARD, shown_by
from assessments.badges.restating import restate
from assessments.badges.snapshot import AwardSnapshot, CriterionShown, read_snapshot
from assessments.evidence.queries import DECISION, POSTED, SUBMISSION
from assessments.grading.models import Way
from fourweek.accounts.access import GRANT
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import Database, lock
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.outbox import Mail, post_all

log = structlog.get_logger(__name__)

AFTER_AN_APPEAL = N_("An appeal was upheld.")
AFTER_A_CHANGE = N_("A decision was changed.")

_STANDS = (AWARD.c.withdrawn_at.is_(None), AWARD.c.revoked_at.is_(None))
# Decisions that hold and took another one's place, with the awards of their enrolment. They are few, and SQLite is to
# begin with them: so their index is asked for a range, and whether an award is a series' is asked later.
_REPLACED: Select[Any] = (
    select(AWARD.c.id.label("award_id"), POSTED.c.decision_id, DECISION.c.way)
    .join_from(POSTED, DECISION, DECISION.c.id == POSTED.c.decision_id)
    .join(SUBMISSION, SUBMISSION.c.id == POSTED.c.submission_id)
    .join(AWARD, AWARD.c.enrolment_id == SUBMISSION.c.enrolment_id)
    .where(
        POSTED.c.supersedes_id > "",
        POSTED.c.posted_at >= AWARD.c.awarded_at,
        *_STANDS,
    )
    .order_by(POSTED.c.supersedes_id)
)
_AWARD: Select[Any] = select(AWARD.c.id, AWARD.c.slug, AWARD.c.snapshot, AWARD.c.enrolment_id).where(
    AWARD.c.id == bindparam("award"), AWARD.c.series_id.is_(None), *_STANDS
)
_REGISTRARS = select(GRANT.c.person_id).where(GRANT.c.role == Role.REGISTRAR).distinct()


class Moved(StrEnum):
    """What new levels are beside those that a badge names."""

    SAME = "same"
    RAISED = "raised"
    LOWERED = "lowered"


def moved(kept: Sequence[CriterionShown], fresh: Sequence[CriterionShown]) -> Moved:
    """LOWERED if any criterion is below what it was, or not demonstrated any more; the criteria are the same ones."""
    steps = [(_place(before), _place(now)) for before, now in zip(kept, fresh, strict=True)]
    if any(now < before for before, now in steps):
        return Moved.LOWERED
    return Moved.RAISED if any(now > before for before, now in steps) else Moved.SAME


@dataclass(slots=True)
class Following:
    """The scan. Remembers which replaced decisions it looked at, so that a quiet tick costs one statement."""

    db: Database
    seen: set[tuple[str, str]] = field(default_factory=set)

    def run(self, now: Now) -> int:
        """Look at every award whose decisions were replaced since; returns how many are to be stated anew."""
        replaced = self.db.read_now(_replaced, now)
        return sum(self._look(row, now) for row in replaced if (row.award_id, row.decision_id) not in self.seen)

    def _look(self, row: Row[Any], now: Now) -> bool:
        try:
            restated = self.db.write_now(follow, row.award_id, row.decision_id, row.way, now)
        except Exception:
            log.exception("badge not compared", subject=row.award_id)
            return False
        self.seen.add((row.award_id, row.decision_id))
        return restated


def follow(conn: Connection, award_id: str, decision_id: str, way: Way, now: Now) -> bool:
    """Compare an award with the decisions that hold now; True if it is to be stated anew. Safe to run again."""
    lock(conn, AWARD, award_id)
    award = conn.execute(_AWARD, {"award": award_id}).first()
    if award is None:
        return False
    kept = read_snapshot(award.snapshot)
    achievement, evidence = shown_by(conn, kept.achievement, award.enrolment_id, kept.zone, now.school)
    change = moved(kept.achievement.rubric, achievement.rubric)
    if change is Moved.LOWERED:
        _tell_registrars(conn, award, kept, decision_id, now)
    if change is not Moved.RAISED:
        return False
    why = AFTER_AN_APPEAL if way is Way.APPEALED else AFTER_A_CHANGE
    fresh = replace(kept, achievement=achievement, evidence=evidence)
    restate(conn, award_id, why, now.real, actor_id=None, snapshot=fresh)
    return True


def _place(criterion: CriterionShown) -> int:
    """Of the level reached, from 0; -1 for none."""
    return next((place for place, level in enumerate(criterion.levels) if level.key == criterion.reached), -1)


def _replaced(conn: Connection, now: Now) -> Sequence[Row[Any]]:
    return conn.execute(_REPLACED, {"now": now.school}).all()


def _tell_registrars(conn: Connection, award: Row[Any], kept: AwardSnapshot, decision_id: str, now: Now) -> None:
    data = {"achievement": kept.achievement.name, "path": f"/awards/{award.id}"}
    mails = [
        Mail(f"badge_in_doubt:{award.id}:{decision_id}:{registrar}", registrar, data)
        for registrar in conn.execute(_REGISTRARS).scalars()
    ]
    post_all(conn, "badge_in_doubt", mails, now=now.real)
