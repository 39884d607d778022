"""What became of badges: the series' own by a rule, and what an earner lets others see."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from assessments.awards.choosing import choose_evidence, choose_page
from assessments.awards.models import HolderShown
from assessments.awards.own import own_award
from assessments.badges.queries import ACHIEVEMENT, AWARD
from assessments.badges.service import sign_due_badges
from assessments.stacking.awarding import award_series_badges
from assessments.stacking.forms import RuleForm
from assessments.stacking.models import StackKind
from assessments.stacking.service import make_rule
from courses.cohorts.queries import COURSE, VERSION
from fourweek.cli.seed.stage import Stage
from fourweek.clock import Now

RULE: Final = RuleForm(
    kind=StackKind.SOME,
    needed="2",
    months="24",
    name="Trusted Operations",
    description="The earner can answer for a service that others rely on, and has shown it in two of the courses of "
    "this series. Each was judged against a published rubric.",
    criteria="Earn the badges of any two courses of the series within two years.",
    icon="compass",
)


def make_series_rule(series: str, courses: tuple[str, ...], author: str, stage: Stage, at: datetime) -> None:
    """The author lets courses stack; whoever meets the rule by then gets the badge a moment later."""
    stage.house.db.write_now(make_rule, stage.visitor(author, at), series, replace(RULE, courses=courses))
    award_series_badges(stage.house.db, stage.house.settings, _now(at))
    sign(stage, at)


def choose(learner: str, course: str, piece: str, stage: Stage, at: datetime) -> None:
    """The earner shows initials alone on every badge; of one, search engines may find the page, and what was handed in
    for `piece` is shared.
    """
    db, me = stage.house.db, stage.visitor(learner, at)
    slug = db.read_now(badge_of, me.me.id, course)
    every = select(AWARD.c.slug).where(AWARD.c.person_id == me.me.id).order_by(AWARD.c.id)
    for one in db.read_now(lambda conn: conn.execute(every).scalars().all()):
        db.write_now(choose_page, me, one, 0, holder=HolderShown.INITIALS, listed=one == slug, shown=True)
    record = db.read_now(own_award, me, slug, 1).record
    digest = next(one["sha256"] for one in record.snapshot["evidence"] if one["name"] == piece)
    db.write_now(choose_evidence, me, slug, record.revision, (digest,))
    sign(stage, at)


def sign(stage: Stage, at: datetime) -> None:
    """Sign what the worker would sign next."""
    house = stage.house
    sign_due_badges(house.db, house.store, stage.ring, house.settings, _now(at))


def badge_of(conn: Connection, person_id: str, course: str) -> str:
    """Where the badge of somebody who has one for this course is found."""
    wanted = (
        select(AWARD.c.slug)
        .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
        .join(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
        .join(COURSE, COURSE.c.id == VERSION.c.course_id)
        .where(AWARD.c.person_id == person_id, COURSE.c.code == course)
    )
    found: str = conn.execute(wanted).scalar_one()
    return found


def _now(at: datetime) -> Now:
    return Now(real=at, school=at)
