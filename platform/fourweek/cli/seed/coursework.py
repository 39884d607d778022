"""Acts of learners and graders: reading, drafts, handing in, claims, ratings, decisions."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from assessments.evidence import attempts, drafts
from assessments.evidence.access import Where
from assessments.evidence.forms import Answer, NewFile, Typed, links_answer, text_answer
from assessments.evidence.kinds import media_type
from assessments.evidence.names import ending_of
from assessments.evidence.queries import SUBMISSION
from assessments.evidence.service import hand_in as freeze
from assessments.evidence.service import new_receipt
from assessments.grading import claims, decisions, ratings
from assessments.grading import forms as grading
from courses.catalogue.models import Lesson
from courses.cohorts.queries import COHORT, MODULE
from courses.progress.service import mark_read
from fourweek.cli.seed.acts import enrolment_id
from fourweek.cli.seed.stage import Sent, Stage
from fourweek.cli.seed.voices import VOICES
from fourweek.cli.seed.works import Attached, Judgement, Work, read_judgement, read_work
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.storage import Store

LESSON = table(Lesson)
ASSIGNMENTS = {1: "reliability-objective", 2: "alert-and-capacity", 3: "change-plan", 4: "incident-review"}
EVERY_LESSON = 99
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Task:
    """One learner's work on one week of a cohort, and which piece of `texts/` it is."""

    learner: str
    cohort: str
    week: int
    work: str


def read_lessons(learner: str, cohort: str, week: int, count: int, stage: Stage, at: datetime) -> None:
    """The learner marks the first lessons of a week as read."""
    place = enrolment_id(stage, learner, cohort)
    lessons = (
        select(LESSON.c.id)
        .join(MODULE, MODULE.c.id == LESSON.c.module_id)
        .join(COHORT, COHORT.c.version_id == MODULE.c.version_id)
        .where(COHORT.c.id == stage.cohorts[cohort], MODULE.c.number == week, LESSON.c.kind == "lesson")
        .order_by(LESSON.c.position)
        .limit(count)
    )

    def mark(conn: Connection) -> None:
        for lesson_id in conn.execute(lessons).scalars().all():
            mark_read(conn, place, lesson_id, at)

    stage.house.db.write_now(mark)


def save_draft(task: Task, stage: Stage, at: datetime) -> None:
    """What was typed so far is kept."""
    typed, _ = _form(task, stage, 1, {})
    saved = stage.house.db.write_now(drafts.save_draft, stage.visitor(task.learner, at), _where(task, stage), typed)
    if not saved.clean:
        raise ValueError(f"the draft {task} was not kept: {saved.wrong}")


def hand_in(task: Task, stage: Stage, at: datetime) -> None:
    """The learner has read the week and hands the work in; a further attempt goes on from the one before."""
    read_lessons(task.learner, task.cohort, task.week, EVERY_LESSON, stage, at)
    before = stage.sent.setdefault((task.learner, task.week), [])
    db, me, where = stage.house.db, stage.visitor(task.learner, at), _where(task, stage)
    if before:
        db.write_now(attempts.begin_next, me, where)
    typed, marks = _form(task, stage, len(before) + 1, before[-1].marks if before else {})
    handed = db.write_now(freeze, me, where, typed, new_receipt())
    if not handed.receipt:
        raise ValueError(f"{task} was not taken: {handed.missing} {handed.wrong} {handed.others}")
    found = select(SUBMISSION.c.id, SUBMISSION.c.rubric_id).where(SUBMISSION.c.receipt == handed.receipt)
    row = db.read_now(lambda conn: conn.execute(found).one())
    before.append(Sent(row.id, row.rubric_id, typed.attempt, task.work, marks))


def decide(learner: str, week: int, grader: str, post: bool, stage: Stage, at: datetime) -> None:  # noqa: FBT001
    """A grader decides about the newest attempt by the judgement beside it; `post` shows it to the learner."""
    sent, said = stage.newest(learner, week), _judgement(stage.newest(learner, week))
    typed = _rating(sent, said)
    me, lasts = stage.visitor(grader, at), _lasts(stage)
    if said.message:
        stage.house.db.write_now(decisions.give_back, me, sent.submission_id, typed, lasts=lasts, post_after=AT_ONCE)
        return
    delay = AT_ONCE if post else None
    stage.house.db.write_now(decisions.decide, me, sent.submission_id, typed, lasts=lasts, post_after=delay)


def claim(learner: str, week: int, grader: str, stage: Stage, at: datetime) -> None:
    """A grader takes a submission onto the desk."""
    sent, me = stage.newest(learner, week), stage.visitor(grader, at)
    stage.house.db.write_now(claims.claim, me, sent.submission_id, _lasts(stage))


def begin_rating(learner: str, week: int, grader: str, stage: Stage, at: datetime) -> None:
    """A grader keeps a rating that is not finished."""
    sent, me = stage.newest(learner, week), stage.visitor(grader, at)
    typed = _rating(sent, _judgement(sent))
    stage.house.db.write_now(ratings.save, me, sent.submission_id, typed, _lasts(stage))


def _where(task: Task, stage: Stage) -> Where:
    return Where(stage.cohorts[task.cohort], task.week, ASSIGNMENTS[task.week])


def _form(task: Task, stage: Stage, attempt: int, seen: dict[str, str]) -> tuple[Typed, dict[str, str]]:
    """The form as the learner sends it, its files in the store already; and the marks of its answers."""
    work = read_work(task.work, VOICES[task.learner])
    answers = _answers(work, seen)
    files = tuple(_in_store(stage.house.store, one) for one in work.files)
    return Typed(attempt, answers, files, integrity=True), {answer.key: answer.mark for answer in answers}


def _in_store(store: Store, one: Attached) -> NewFile:
    kept = store.keep_bytes(one.data)
    return NewFile(one.key, one.name, media_type(ending_of(one.name)), kept.size, kept.sha256)


def _answers(work: Work, seen: dict[str, str]) -> tuple[Answer, ...]:
    texts = [text_answer(key, text, seen.get(key, "")) for key, text in work.texts.items()]
    links = [links_answer(key, lines, seen.get(key, "")) for key, lines in work.links.items()]
    return (*texts, *links)


def _judgement(sent: Sent) -> Judgement:
    return read_judgement(sent.work)


def _rating(sent: Sent, said: Judgement) -> grading.Typed:
    return grading.Typed(sent.submission_id, sent.attempt, sent.rubric_id, 0, said.scoring, message=said.message)


def _lasts(stage: Stage) -> timedelta:
    return timedelta(minutes=stage.house.settings.claim_minutes)
