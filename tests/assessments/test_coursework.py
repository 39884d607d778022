"""What courses ask of assessments: publishing, the public part, and how learners stand by posted decisions."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, select, update

from assessments.assignments.models import Assignment, Requirement, RequirementKind
from assessments.badges.models import Achievement
from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.models import Decision, Outcome, Posting
from assessments.rubrics.models import Competency, Rubric
from courses.catalogue.models import Course, CourseVersion, Module
from courses.coursework import PublicCriterion, PublicLevel, PublishedVersion, Work, WorkState
from fourweek.database import Database, add, new_id, table
from tests import factories as make
from tests.assessments.packages import MANIFEST, small_package
from tests.statements import statements

COURSEWORK = AssessmentsCoursework()
NOW = make.START + timedelta(days=5)
HOUR = timedelta(hours=1)


def _version(conn: Connection) -> PublishedVersion:
    course, version, module = new_id(), new_id(), new_id()
    add(conn, Course(id=course, code=f"small-{course}", created_at=make.BEFORE))
    row = CourseVersion(
        id=version,
        course_id=course,
        major=1,
        minor=2,
        title="Small Services",
        summary="Run one service well.",
        package_sha256="0" * 64,
        published_at=make.BEFORE,
    )
    add(conn, row)
    add(conn, Module(id=module, version_id=version, number=1, title="Week one", counted_minutes=60))
    return PublishedVersion(course, version, (module,))


def test_check_says_what_is_wrong_with_line(tmp_path: Path) -> None:
    course, problems = small_package(tmp_path / "good")
    assert course is not None
    assert (problems, COURSEWORK.prepare(course).problems) == ([], ())
    course, _ = small_package(tmp_path / "wrong", competency="diagnos")
    assert course is not None
    found = [
        problem for problem in COURSEWORK.prepare(course).problems if '"diagnos" is not a competency' in problem.message
    ]
    line = MANIFEST.splitlines().index('competency = "{competency}"') + 1
    assert [(problem.file, problem.line) for problem in found] == [("course.toml", line)]


def test_publish_stores_everything_asked(conn: Connection, tmp_path: Path) -> None:
    course, _ = small_package(tmp_path)
    version = _version(conn)
    assert course is not None
    COURSEWORK.prepare(course).store(conn, version, NOW)
    assignment = conn.execute(
        select(table(Assignment)).where(table(Assignment).c.version_id == version.version_id)
    ).one()
    assert (assignment.module_id, assignment.key, assignment.max_attempts) == (version.module_ids[0], "note", 2)
    assert "Secret instructions" in assignment.instructions_html
    rubric = conn.execute(select(table(Rubric)).where(table(Rubric).c.id == assignment.rubric_id)).one()
    assert (rubric.course_id, rubric.assignment_key, rubric.major, rubric.minor) == (version.course_id, "note", 1, 2)
    slots = table(Requirement)
    rows = conn.execute(select(slots).where(slots.c.assignment_id == assignment.id).order_by(slots.c.position)).all()
    assert [(row.key, row.kind, row.required, row.max_items, row.accept) for row in rows] == [
        ("report", RequirementKind.TEXT, True, 1, []),
        ("proof", RequirementKind.FILES, False, 3, [".pdf", ".md"]),
        ("sources", RequirementKind.LINKS, False, 4, []),
    ]
    assert rows[0].prompt_html == "Write <em>it</em>."
    badge = table(Achievement)
    said = conn.execute(select(badge).where(badge.c.version_id == version.version_id)).one()
    assert (said.name, said.criteria, said.picture_sha256) == ("Small Services", "The note was demonstrated.", "")


def test_publish_again_keeps_competencies_and_rewords_them(conn: Connection, tmp_path: Path) -> None:
    course, _ = small_package(tmp_path)
    assert course is not None
    first = _version(conn)
    add(conn, Competency(id="known", course_id=first.course_id, key="diagnose", title="Old words"))
    COURSEWORK.prepare(course).store(conn, first, NOW)
    kept = table(Competency)
    rows = conn.execute(select(kept.c.id, kept.c.title).where(kept.c.course_id == first.course_id)).all()
    assert [tuple(row) for row in rows] == [("known", "Diagnose")]


def test_public_assignments_show_rubric_and_neither_instructions_nor_prompts(conn: Connection, tmp_path: Path) -> None:
    course, _ = small_package(tmp_path)
    version = _version(conn)
    assert course is not None
    COURSEWORK.prepare(course).store(conn, version, NOW)
    (shown,) = COURSEWORK.public_assignments(conn, version.version_id)
    assert (shown.key, shown.title, shown.module_number, shown.required) == ("note", "A note", 1, True)
    assert shown.asks == ("Report", "Proof", "Sources")
    assert shown.criteria == (
        PublicCriterion(
            title="Method",
            description="How it was done.",
            competency="Diagnose",
            levels=(PublicLevel("Not yet", "No method.", "not-yet"), PublicLevel("Meets", "A method.", "meets")),
            required_level="meets",
            key="method",
            judged_on=("report", "proof", "sources"),
            competency_key="diagnose",
        ),
    )
    assert "Secret" not in repr(shown)


def _enrolled(conn: Connection) -> tuple[make.MadeCourse, str, str]:
    made = make.course(conn)
    alice, greta = make.person(conn), make.person(conn, "Greta Grant")
    return made, make.enrol(conn, make.cohort(conn, made), alice), greta


def _first(conn: Connection, made: make.MadeCourse, enrolment: str) -> Work:
    return COURSEWORK.work(conn, made.version_id, enrolment, NOW)[0]


def test_work_lists_every_assignment_in_order(conn: Connection) -> None:
    made, enrolment, _ = _enrolled(conn)
    works = COURSEWORK.work(conn, made.version_id, enrolment, NOW)
    assert [(work.key, work.module_number, work.state) for work in works] == [
        (f"note-{week}", week, WorkState.NOT_STARTED) for week in (1, 2, 3, 4)
    ]


def test_work_reads_posted_decisions_only(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    sent = make.submission(conn, made, enrolment)
    make.decided(conn, made, sent, greta, outcome=Outcome.RETURNED_INCOMPLETE)
    waiting = _first(conn, made, enrolment)
    assert (waiting.state, waiting.attempts, waiting.submitted_at) == (WorkState.SUBMITTED, 1, make.START)


def test_work_waits_for_the_posting_to_count(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    sent = make.submission(conn, made, enrolment)
    make.decided(conn, made, sent, greta, posted_at=NOW + timedelta(seconds=1))
    assert _first(conn, made, enrolment).state is WorkState.SUBMITTED
    (later, *_) = COURSEWORK.work(conn, made.version_id, enrolment, NOW + timedelta(seconds=1))
    assert later.state is WorkState.DEMONSTRATED


def test_work_returned_uses_no_attempt(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    sent = make.submission(conn, made, enrolment)
    make.decided(conn, made, sent, greta, outcome=Outcome.RETURNED_INCOMPLETE, posted_at=NOW - HOUR)
    returned = _first(conn, made, enrolment)
    assert (returned.state, returned.attempts) == (WorkState.RETURNED, 0)
    second = make.submission(conn, made, enrolment, attempt=2, at=NOW - HOUR)
    make.decided(conn, made, second, greta, outcome=Outcome.NOT_YET, posted_at=NOW)
    not_yet = _first(conn, made, enrolment)
    assert (not_yet.state, not_yet.attempts, not_yet.submitted_at) == (WorkState.NOT_YET, 1, NOW - HOUR)


def test_work_counts_the_attempts_that_are_left(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    assert _first(conn, made, enrolment).attempts_left is None
    other, place, _ = _enrolled(conn)
    limited = update(table(Assignment)).where(table(Assignment).c.version_id == other.version_id)
    conn.execute(limited.values(max_attempts=2))
    assert _first(conn, other, place).attempts_left == 2
    for attempt, left in ((1, 1), (2, 0)):
        sent = make.submission(conn, other, place, attempt=attempt)
        make.decided(conn, other, sent, greta, outcome=Outcome.NOT_YET, posted_at=NOW - HOUR)
        assert _first(conn, other, place).attempts_left == left


def _supersede(conn: Connection, old: str, outcome: Outcome, grader: str) -> str:
    was = conn.execute(select(table(Decision)).where(table(Decision).c.id == old)).one()
    row = Decision(
        id=new_id(),
        submission_id=was.submission_id,
        outcome=outcome,
        rubric_id=was.rubric_id,
        decided_by=grader,
        decided_at=NOW,
        supersedes_id=old,
        reason="A second look.",
    )
    add(conn, row)
    return row.id


def test_work_superseded_decision_holds_until_the_new_one_is_posted(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    sent = make.submission(conn, made, enrolment)
    old = make.decided(conn, made, sent, greta, outcome=Outcome.NOT_YET, posted_at=NOW - HOUR)
    new = _supersede(conn, old, Outcome.DEMONSTRATED, greta)
    assert _first(conn, made, enrolment).state is WorkState.NOT_YET
    add(conn, Posting(decision_id=new, posted_at=NOW, posted_by=greta))
    assert _first(conn, made, enrolment).state is WorkState.DEMONSTRATED


def test_work_draft_of_a_further_attempt(conn: Connection) -> None:
    made, enrolment, greta = _enrolled(conn)
    sent = make.submission(conn, made, enrolment)
    make.decided(conn, made, sent, greta, outcome=Outcome.NOT_YET, posted_at=NOW - HOUR)
    row = Submission(
        id=new_id(),
        enrolment_id=enrolment,
        assignment_id=made.assignments[0],
        rubric_id=made.rubrics[0],
        attempt=2,
        state=SubmissionState.DRAFT,
        started_at=NOW,
        saved_at=NOW,
    )
    add(conn, row)
    assert _first(conn, made, enrolment).state is WorkState.DRAFT


def test_work_of_many_takes_as_many_statements_as_for_one(db: Database) -> None:
    def fill(conn: Connection) -> dict[str, str]:
        made, enrolment, _ = _enrolled(conn)
        cohort = make.cohort(conn, made)
        others = [make.enrol(conn, cohort, make.person(conn)) for _ in range(30)]
        for one in others:
            make.submission(conn, made, one)
        return dict.fromkeys([enrolment, *others], made.version_id)

    enrolments = db.write_now(fill)
    with statements(db) as count:
        works = db.read_now(COURSEWORK.work_of_many, enrolments, NOW)
    assert count.number == 2
    assert [work[0].state for work in works.values()] == [WorkState.NOT_STARTED] + [WorkState.SUBMITTED] * 30
    assert db.read_now(COURSEWORK.work_of_many, {}, NOW) == {}
