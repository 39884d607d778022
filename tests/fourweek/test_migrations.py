"""Migrations go up and down on both databases and end at what the models say."""

from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DatabaseError

from courses.cohorts.queries import cohort_facts
from courses.questions.models import Question
from courses.questions.queries import QUESTION
from fourweek.accounts.models import Role
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


GRADING = ("grader_note", "reveal", "decision_review", "decision_rule", "appeal_line", "appeal_message")
BADGES = ("issuer_address", "series_rule", "series_rule_course")
FIRST = ("audit_row", "audit_link", "credit_entry", "decision", "decision_line", "credential_issue")
RECORD = ("credit_hold", "identity_check", "equivalence", "document_line", "share_visit")
APPEND_ONLY = (*FIRST, *GRADING, *BADGES, *RECORD)


def _fill(conn: Connection) -> None:
    made = factories.course(conn)
    cohort = factories.cohort(conn, made)
    enrolment = factories.enrol(conn, cohort, factories.person(conn))
    grader = factories.with_role(conn, Role.GRADER, scope_id=cohort)
    factories.decided(conn, made, factories.submission(conn, made, enrolment), grader)
    record(conn, "test.act", "person", grader, at=factories.START, actor_id=grader)


@pytest.mark.parametrize("name", ["audit_row", "decision", "decision_line"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_append_only_rows_refuse_change(conn: Connection, name: str, act: str) -> None:
    _fill(conn)
    column = {"audit_row": "act", "decision": "comment", "decision_line": "comment"}[name]
    before = conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 names from this file
    assert before > 0
    with pytest.raises(DatabaseError, match="append-only"), conn.begin_nested():
        conn.execute(text(act.format(name, column, "'changed'")))


def test_append_only_tables_all_have_their_triggers(db: Database) -> None:
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    found = db.read_now(lambda conn: set(conn.execute(text(sqlite if db.embedded else postgres)).scalars()))
    acts = ("update", "delete") if db.embedded else ("update", "delete", "truncate")
    assert {name for name in found if "_no_" in name} == {f"{name}_no_{act}" for name in APPEND_ONLY for act in acts}


def test_numbers_of_files_and_revisions_agree() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    assert ScriptDirectory(str(run.HERE)).get_current_head() == run.head()
