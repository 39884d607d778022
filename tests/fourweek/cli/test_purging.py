"""`fourweek evidence purge` as an operator uses it."""

from typing import Any

import pytest
from sqlalchemy import Connection, update
from typer.testing import CliRunner, Result

from assessments.retention.purge import purge
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.cli.commands import app
from fourweek.database import Database, table
from tests import factories as make
from tests.assessments.evidence.school import set_clock
from tests.assessments.retention import school
from tests.assessments.retention.school import NOW, OVER, Past, acts, content


@pytest.fixture
def past(db: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Past:
    monkeypatch.setenv("FOURWEEK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOURWEEK_DATABASE_URL", db.url)
    monkeypatch.setenv("FOURWEEK_EVIDENCE_KEPT_DAYS", str(school.DAYS))
    set_clock(db, OVER)
    return db.write_now(school.build)


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["evidence", "purge", *words])


def kept_longer(conn: Connection, past: Past) -> None:
    school.handed_in(conn, past.made, past.enrolment, week=2)
    other = school.build(conn)
    school.held(conn, other, cohort_id=other.cohort)


def test_a_dry_run_says_what_would_go_and_changes_nothing(db: Database, past: Past) -> None:
    db.write_now(kept_longer, past)
    answer = _run("--dry-run")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.splitlines() == [
        "Running a Reliable Service, Autumn: 1 attempt, the oldest of Monday 2 November 2026",
        "1 attempt in all.",
        "1 attempt kept longer by a decision that is not posted.",
        "1 attempt kept longer by a legal hold.",
    ]
    assert (len(db.read_now(content, past.attempt)), db.read_now(acts, "evidence.purged")) == (2, [])


def test_without_it_what_is_over_goes_once(db: Database, past: Past) -> None:
    assert _run().stdout.splitlines()[-1] == "Removed the content of 1 attempt."
    assert (db.read_now(content, past.attempt), len(db.read_now(acts, "evidence.purged"))) == ([], 1)
    assert _run().stdout == "Nothing is over its period that may go.\n"
    assert db.write_now(purge, NOW, school.DAYS, [past.attempt]) == 0


def test_what_is_kept_longer_stays(db: Database, past: Past) -> None:
    start = {"start_date": make.MONDAY.replace(year=2030)}
    cohort = table(Cohort)
    db.write_now(lambda conn: conn.execute(update(cohort).where(cohort.c.id == past.cohort).values(start)))
    assert _run().stdout.splitlines() == [
        "Nothing is over its period that may go.",
        "1 attempt kept longer by a course that is still going on.",
    ]
    left = {"state": EnrolmentState.WITHDRAWN, "withdrawn_at": OVER}
    db.write_now(lambda conn: conn.execute(update(table(Enrolment)).values(left)))
    assert _run().stdout.splitlines()[-1] == "Removed the content of 1 attempt."
