"""What the registrar did about badges of the cohort that is over: one is revoked, another names its holder anew."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select

from assessments.awards.revoking import revoke
from assessments.badges.queries import AWARD
from assessments.badges.service import award_due_badges
from assessments.names.models import NameChangeKind
from assessments.names.service import Asked, ask_for, decide
from fourweek.accounts.access import PERSON
from fourweek.cli.seed.calendar import TUESDAY, WEDNESDAY, Calendar, When
from fourweek.cli.seed.stage import Act, Stage
from fourweek.clock import Now

NEW_NAME: Final = "Olivia Chambers-Reid"
WHY_RENAMED: Final = "Married in the summer; the certificate was shown at the office."
WHY_REVOKED: Final = "The measurements in the note of week 2 turned out to be another team’s work."


def record_acts(calendar: Calendar) -> Iterator[Act]:
    yield Act(calendar.at(When(-2, TUESDAY, "11:10")), partial(rename, "olivia", NEW_NAME, WHY_RENAMED))
    yield Act(calendar.at(When(-2, WEDNESDAY, "15:05")), partial(revoke_badge, "lukas", WHY_REVOKED))


def rename(learner: str, name: str, reason: str, stage: Stage, at: datetime) -> None:
    """One registrar enters the name, another approves it; the badge is stated anew: an earlier file is superseded."""
    house = stage.house
    number = select(PERSON.c.learner_number).where(PERSON.c.id == stage.people[learner].id)
    learner_number = house.db.read_now(lambda conn: conn.execute(number).scalar_one())
    asked = Asked(kind=NameChangeKind.CHANGE, name=name, why=reason)
    change_id = house.db.write_now(ask_for, stage.visitor("henry", at), learner_number, asked)
    house.db.write_now(partial(decide, approve=True, why=""), stage.visitor("miriam", at), change_id)
    award_due_badges(house.db, house.store, stage.ring, house.settings, Now(real=at, school=at))


def revoke_badge(learner: str, reason: str, stage: Stage, at: datetime) -> None:
    award = select(AWARD.c.id).where(AWARD.c.person_id == stage.people[learner].id)
    award_id = stage.house.db.read_now(lambda conn: conn.execute(award).scalar_one())
    stage.house.db.write_now(revoke, stage.visitor("henry", at), award_id, reason)
