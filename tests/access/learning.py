"""What a learner has in a cohort: talk, dates, work, and what graders made of it."""

from datetime import time, timedelta
from typing import Any

from sqlalchemy import Connection, update

from assessments.allocation.models import Conflict
from assessments.appeals.models import Appeal, AppealLine
from assessments.assignments.models import Requirement, RequirementKind
from assessments.checks.models import CheckQuestion, CheckRules, CheckTry, QuestionKind
from assessments.coaching.models import Coaching
from assessments.evidence.models import Evidence, Step, Submission, SubmissionMember
from assessments.grading.models import Outcome, Purpose, Rating, RatingState
from assessments.remarks.models import BankComment
from assessments.second.models import SampledFor, SecondRating
from assessments.uploads.models import Upload
from courses.announcements.models import Announcement
from courses.catalogue.models import CourseFile
from courses.cohorts.models import Extension
from courses.live.models import LiveSession
from courses.questions.models import Question, Reply
from fourweek.database import add, new_id, table
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.access.side import DAY, NOTE, NOW, PICTURE, Side, sha256


def add_talk(conn: Connection, side: Side) -> None:
    """Announcements, questions and notices."""
    cohort, me = side.cohort, side.me
    said: dict[str, Any] = {"body": "Words.", "html": "<p>Words.</p>"}
    news = Announcement(id=new_id(), cohort_id=cohort, title="News", author_id=me, posted_at=make.START, **said)
    asked = Question(id=new_id(), cohort_id=cohort, module_number=1, author_id=me, title="Why?", asked_at=NOW, **said)
    reply = Reply(id=new_id(), question_id=asked.id, author_id=me, said_at=NOW, **said)
    notice = OutboxMessage(
        id=new_id(),
        key=f"note {me}",
        kind="announcement",
        person_id=me,
        data={"title": "News", "path": f"/cohorts/{cohort}/announcements/{news.id}"},
        created_at=NOW,
        shown_from=NOW,
    )
    for row in (news, asked, reply, notice):
        add(conn, row)
    side.names |= {
        "/announcements/{announcement_id}": news.id,
        "/questions/{question_id}": asked.id,
        "/replies/{reply_id}": reply.id,
        "/notices/{notice_id}": notice.id,
    }


def add_dates(conn: Connection, side: Side) -> None:
    """A live session and extensions."""
    cohort, enrolment = side.cohort, side.enrolment
    meeting = LiveSession(
        id=new_id(),
        cohort_id=cohort,
        module_number=1,
        title="Talk",
        on=NOW.date(),
        at=time(9),
        minutes=60,
        code="HARBOUR",
        created_at=make.BEFORE,
        changed_at=make.BEFORE,
    )
    batch = new_id()
    common: dict[str, Any] = {"enrolment_id": enrolment, "reason": "Illness", "granted_at": make.START}
    later = Extension(id=new_id(), shift_days=7, batch_id=batch, **common)
    pause = Extension(id=new_id(), pause_first=NOW.date() + 20 * DAY, pause_last=NOW.date() + 22 * DAY, **common)
    for row in (meeting, later, pause):
        add(conn, row)
    side.names |= {
        "/sessions/{session_id}": meeting.id,
        "/extensions/{key}": later.id,
        "/extensions/{key}/pause": pause.id,
        "/batches/{batch}": batch,
    }


def add_work(conn: Connection, side: Side) -> None:
    """Two attempts of mine, the first with a file, and work of whoever learns beside me."""
    course, enrolment = side.course, side.enrolment
    paper = Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=course.files[0],
        position=0,
        kind=RequirementKind.FILES,
        file_name="note.txt",
        media_type="text/plain",
        size=len(NOTE),
        sha256=sha256(NOTE),
        saved_at=make.START,
    )
    first = make.submission(conn, course, enrolment, more=[paper])
    row = conn.execute(table(Submission).select().where(table(Submission).c.id == first)).one()
    side.submission = first
    side.names |= {
        "/receipts/{number}": row.receipt,
        "/evidence/{evidence_id}": paper.id,
        "again": make.submission(conn, course, enrolment, attempt=2),
        "waiting": make.submission(conn, course, side.enrolment_beside, 1),
        "unposted": make.submission(conn, course, side.enrolment_beside, 2),
        "posted": make.submission(conn, course, side.enrolment_beside, 3),
        "differing": make.submission(conn, course, side.enrolment_beside, 4),
    }


def add_draft(conn: Connection, side: Side) -> None:
    """A draft of the second week with a check begun and an upload on its way, and a wish for a talk."""
    course, me, enrolment = side.course, side.me, side.enrolment
    draft = Submission(
        id=new_id(),
        enrolment_id=enrolment,
        assignment_id=course.assignments[1],
        rubric_id=course.rubrics[1],
        attempt=1,
        started_at=NOW,
        saved_at=NOW,
    )
    add(conn, draft)
    add(conn, SubmissionMember(submission_id=draft.id, person_id=me))
    quiz = Requirement(
        id=new_id(),
        assignment_id=course.assignments[1],
        position=2,
        key="quiz",
        title="Quiz",
        kind=RequirementKind.CHECK,
        required=False,
    )
    add(conn, quiz)
    add(conn, CheckRules(requirement_id=quiz.id, pass_percent=50))
    asked = CheckQuestion(
        id=new_id(),
        requirement_id=quiz.id,
        position=0,
        key="why",
        kind=QuestionKind.NUMBER,
        prompt_html="<p>How many?</p>",
        number="4",
        tolerance="0",
    )
    add(conn, asked)
    open_try = CheckTry(
        id=new_id(),
        submission_id=draft.id,
        requirement_id=quiz.id,
        number=2,
        drawn=[[asked.id, []]],
        begun_at=NOW,
        saved_at=NOW,
        asked=1,
        needed=1,
    )
    tried = open_try.model_copy(update={"id": new_id(), "number": 1, "finished_at": NOW, "right": 0, "passed": False})
    add(conn, open_try, tried)
    upload = Upload(
        id=new_id(),
        submission_id=draft.id,
        requirement_id=course.files[1],
        person_id=me,
        file_name="more.txt",
        media_type="text/plain",
        size=10,
        begun_at=NOW,
        touched_at=NOW,
    )
    add(conn, upload)
    coaching = Coaching(
        id=new_id(), enrolment_id=enrolment, assignment_key=course.keys[0], opened_at=NOW, opened_by=me, wish="A talk."
    )
    add(conn, coaching)
    side.names |= {
        "/tries/{try_id}": tried.id,
        "/uploads/{slot}": "proof",
        "/{upload_id}": upload.id,
        "/coaching/{coaching_id}": coaching.id,
    }


def add_files(conn: Connection, side: Side) -> None:
    """A figure of the first module and one that is public."""
    figure = CourseFile(
        id=new_id(),
        version_id=side.course.version_id,
        module_id=side.course.modules[0],
        path="figures/plan.svg",
        media_type="image/svg+xml",
        sha256=sha256(PICTURE),
        size=len(PICTURE),
    )
    add(conn, figure, figure.model_copy(update={"id": new_id(), "module_id": None}))


def add_judged(conn: Connection, side: Side, deciders: tuple[str, str], holder: str) -> None:
    """What two graders decided, differ about and wrote down, and an appeal that the third has to judge."""
    course, names, (first, second) = side.course, side.names, deciders
    when: dict[str, Any] = {"at": make.START + DAY, "posted_at": make.START + DAY}
    refused = make.decided(conn, course, side.submission, first, outcome=Outcome.NOT_YET, **when)
    make.decided(conn, course, names["unposted"], first, 2)
    make.decided(conn, course, names["posted"], first, 3, posted_at=NOW + timedelta(minutes=1))
    for person, purpose in ((first, Purpose.FIRST), (second, Purpose.SECOND)):
        row = Rating(id=new_id(), submission_id=names["differing"], grader_id=person, saved_at=NOW, done_at=NOW)
        add(conn, row.model_copy(update={"state": RatingState.DONE, "purpose": purpose}))
    add(conn, SecondRating(submission_id=names["differing"], why=SampledFor.BY_HAND, asked_at=NOW))
    work = table(Submission)
    conn.execute(update(work).where(work.c.id == names["differing"]).values(step=Step.RECONCILING))
    appeal = Appeal(id=new_id(), decision_id=refused, submission_id=side.submission, opened_by=side.me, opened_at=NOW)
    appeal.given_to = holder
    add(conn, appeal)
    add(conn, AppealLine(appeal_id=appeal.id, criterion_id=course.criteria[0][0], argument="It is shown."))
    comment = BankComment(
        id=new_id(), course_id=course.course_id, owner_id=holder, text="Well shown.", shared=True, made_at=NOW
    )
    add(conn, comment)
    apart = Conflict(id=new_id(), grader_id=second, person_id=side.me, stated_by=second, stated_at=NOW)
    add(conn, apart)
    names |= {"/appeals/{appeal_id}": appeal.id, "/comments/{comment_id}": comment.id, "conflict": apart.id}
