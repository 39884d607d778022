"""Acts of staff and of the institution: joining, publishing, planning cohorts, extensions, transcripts, ticks."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assessments.agreement.service import report_agreement
from assessments.awards.reminding import remind_of_ends
from assessments.badges.service import award_due_badges
from assessments.completeness.service import Rules
from assessments.coursework import AssessmentsCoursework
from assessments.credit.service import record_due_credit
from assessments.licences.reminding import remind_of_windows
from assessments.showing.derived import Derived
from assessments.terms.tasks import warn_of_promises
from assessments.transcripts import service as transcripts
from assessments.transcripts.scope import Options
from courses.catalogue.publish import publish as publish_version
from courses.cohorts.extensions.forms import ExtensionForm
from courses.cohorts.extensions.service import grant_extension
from courses.cohorts.forms import CohortForm
from courses.cohorts.service import create_cohort
from courses.enrolment import service as enrolment
from courses.enrolment.access import ENROLMENT
from courses.learning.notices import tell_learners
from courses.packages import has_errors, read_package
from fourweek.accounts.access import EVERYWHERE, SignedIn
from fourweek.accounts.models import Role
from fourweek.accounts.service import add_person, grant
from fourweek.cli.seed.calendar import ZONE
from fourweek.cli.seed.people import Cast
from fourweek.cli.seed.stage import Document, Stage
from fourweek.clock import Now
from fourweek.database import new_id
from fourweek.limits.service import sweep as sweep_tries
from fourweek.outbox import deliver

COURSEWORK = AssessmentsCoursework()


def join(person: Cast, stage: Stage, at: datetime) -> None:
    """A person gets an account, and the role they have for the whole institution."""
    db = stage.house.db
    person_id = db.write_now(
        add_person,
        address=person.address,
        legal_name=person.name,
        password_hash=stage.hashes.get(person.key),
        zone=person.zone,
        now=at,
    )
    stage.people[person.key] = SignedIn(id=person_id, sign_in_id="", name=person.name, zone=person.zone)
    if person.grant is not None and person.grant is not Role.GRADER:
        db.write_now(grant, person_id, person.grant, now=at)
        stage.give(person.key, person.grant, EVERYWHERE)


def publish(package: Path, author: str, stage: Stage, at: datetime) -> None:
    """A course of the project is published."""
    course, problems = read_package(package)
    if course is None or has_errors([*problems, *COURSEWORK.prepare(course).problems]):
        raise ValueError(f"{package.name} cannot be published: {problems}")
    me, house = stage.visitor(author, at), stage.house
    done = publish_version(house.db, house.store, course, coursework=COURSEWORK, author_id=me.me.id, now=me.now)
    stage.versions[course.code] = done.version_id


def open_cohort(
    key: str,
    code: str,
    start: date,
    graders: tuple[str, ...],
    stage: Stage,
    at: datetime,
    *,
    changes: dict[str, Any] | None = None,
) -> None:
    """The lead plans a cohort; its instructor and its graders get their roles in it. `changes` are further fields."""
    form = CohortForm(
        key=new_id(),
        version_id=stage.versions[code],
        name=f"{start.day} {start:%B %Y}",
        start_date=start.isoformat(),
        zone=ZONE,
        close_days="14",
        capacity="16",
        instructors=({"name": "Marta Lindqvist", "background": "M.Sc., twelve years with the systems of a railway"},),
    )
    form = replace(form, **(changes or {}))
    cohort_id = stage.house.db.write_now(create_cohort, stage.visitor("rosa", at), form)
    stage.cohorts[key] = cohort_id
    for person, role in (("marta", Role.INSTRUCTOR), *((grader, Role.GRADER) for grader in graders)):
        stage.house.db.write_now(grant, stage.people[person].id, role, scope_id=cohort_id, now=at)
        stage.give(person, role, cohort_id)


def enrol(learner: str, cohort: str, stage: Stage, at: datetime) -> None:
    stage.house.db.write_now(enrolment.enrol, stage.visitor(learner, at), stage.cohorts[cohort])


def withdraw(learner: str, cohort: str, stage: Stage, at: datetime) -> None:
    stage.house.db.write_now(enrolment.withdraw, stage.visitor(learner, at), stage.cohorts[cohort])


def extend(learner: str, cohort: str, week: int, days: int, reason: str, stage: Stage, at: datetime) -> None:
    """The lead gives a learner more time for a week."""
    form = ExtensionForm(key=new_id(), module=str(week), days=str(days), reason=reason)
    place = enrolment_id(stage, learner, cohort)
    stage.house.db.write_now(grant_extension, stage.visitor("rosa", at), stage.cohorts[cohort], place, form)


def issue_transcript(learner: str, stage: Stage, at: datetime) -> None:
    """A learner issues a transcript of the record as it is."""
    issue(learner, transcripts.Wanted(options=Options(paper=stage.house.settings.paper)), stage, at)


def issue(learner: str, wanted: transcripts.Wanted, stage: Stage, at: datetime) -> None:
    """A learner issues a document of any kind."""
    house, me = stage.house, stage.visitor(learner, at)
    frozen = house.db.read_now(transcripts.draft, me, wanted, house.settings)
    year = transcripts.year_of(at, house.settings)
    number = house.db.write_now(transcripts.next_number, me, year, wanted.maker.letter)
    made = transcripts.make(frozen, number, house.settings, house.store)
    kept = house.db.write_now(transcripts.keep, me, frozen, made)
    stage.documents.setdefault(learner, []).append(Document(kept, made.snapshot.document.code))


def tick(stage: Stage, at: datetime) -> None:
    """What the worker would have done at that instant: notices, warnings, credit, badges, figures, mail, checks."""
    house, now = stage.house, Now(real=at, school=at)
    tell_learners(house.db, COURSEWORK, now)
    warn_of_promises(house.db, now)
    settle(stage, at)
    report_agreement(house.db, now)
    remind_of_ends(house.db, now)
    remind_of_windows(house.db, now)
    send_mail(stage, at)
    house.db.write_now(sweep_tries, at)
    Rules(house.db, house.store, Derived(house.settings.home)).run(now)


def remind(stage: Stage, at: datetime) -> None:
    """Tell earners of badges that end, and professionals of windows that close."""
    db, now = stage.house.db, Now(real=at, school=at)
    if remind_of_ends(db, now) + remind_of_windows(db, now):
        send_mail(stage, at)


def settle(stage: Stage, at: datetime) -> None:
    """Record credit and award badges that are due."""
    house, now = stage.house, Now(real=at, school=at)
    if record_due_credit(house.db, now):
        award_due_badges(house.db, house.store, stage.ring, house.settings, now)


def send_mail(stage: Stage, at: datetime) -> None:
    """Letters that are due by then leave."""
    while deliver(stage.house.db, stage.send, at):
        pass


def enrolment_id(stage: Stage, learner: str, cohort: str) -> str:
    wanted = select(ENROLMENT.c.id).where(
        ENROLMENT.c.person_id == stage.people[learner].id, ENROLMENT.c.cohort_id == stage.cohorts[cohort]
    )
    found: str = stage.house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())
    return found
