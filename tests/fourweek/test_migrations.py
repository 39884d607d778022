"""Migrations go up and down on both databases and end at what the models say."""

from typing import Any

from sqlalchemy import Connection, inspect, select, text

from courses.cohorts.queries import cohort_facts
from courses.questions.models import Question
from courses.questions.queries import QUESTION
from fourweek.audit.service import record
from fourweek.database import Database, add
from fourweek.migrations import run
from fourweek.outbox import OUTBOX, post
from tests import factories


def test_upgrade_ends_where_the_models_are(db: Database) -> None:
    assert run.current(db) == run.head()
    assert run.differences(db) == []


def test_down_to_nothing_and_up_again(db: Database) -> None:
    run.downgrade(db, "base")
    left = db.read_now(lambda conn: inspect(conn).get_table_names())
    assert left == ["alembic_version"]
    run.upgrade(db)
    assert run.differences(db) == []
    db.write_now(factories.course)


def test_names_of_instructors_go_down_and_up(db: Database) -> None:
    named = [{"name": "Ada Byron", "background": "Engines."}, {"name": "Ida Rhodes", "background": ""}]
    cohort = db.write_now(lambda conn: factories.cohort(conn, factories.course(conn), instructors=named))
    run.downgrade(db, "0002")
    old = db.read_now(lambda conn: conn.execute(text("SELECT instructor FROM cohort")).scalar_one())
    assert old == "Ada Byron, Ida Rhodes"
    run.upgrade(db)
    kept = db.read_now(lambda conn: cohort_facts(conn, cohort))
    assert kept is not None
    assert [(one.name, one.background) for one in kept.instructors] == [("Ada Byron, Ida Rhodes", "")]


def test_notices_that_were_there_are_shown_from_when_they_were_written(db: Database) -> None:
    at = factories.START
    db.write_now(lambda conn: post(conn, "old", "posted", factories.person(conn), now=at, data={}))
    run.downgrade(db, "0007")
    run.upgrade(db)
    assert db.read_now(lambda conn: conn.execute(select(OUTBOX.c.shown_from)).scalar_one()) == at


def test_who_closed_and_answered_questions_is_taken_from_the_audit_log(db: Database) -> None:
    at = factories.START

    def fill(conn: Connection) -> str:
        cohort = factories.cohort(conn, factories.course(conn))
        first, last = factories.person(conn, "First"), factories.person(conn, "Last")
        text_of: dict[str, Any] = {
            "title": "Why?",
            "body": "Why?",
            "html": "<p>Why?</p>",
            "module_number": 1,
            "asked_at": at,
        }
        for key, closed in (("closed", at), ("opened", None)):
            add(conn, Question(id=key, cohort_id=cohort, author_id=first, closed_at=closed, **text_of))
            for person in (first, last):
                record(conn, "question.close", "question", key, at=at, actor_id=person)
        return last

    last = db.write_now(fill)
    run.downgrade(db, "0011")
    run.upgrade(db)
    wanted = select(QUESTION.c.id, QUESTION.c.closed_by, QUESTION.c.answered_by).order_by(QUESTION.c.id)
    rows = db.read_now(lambda conn: conn.execute(wanted).all())
    assert [tuple(row) for row in rows] == [("closed", last, None), ("opened", None, None)]


def test_numbers_of_files_and_revisions_agree() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    assert ScriptDirectory(str(run.HERE)).get_current_head() == run.head()
