"""Issuing certificates through the pages: whose, of what, once, and what is kept."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from assessments.credit.service import record_due_credit
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import Transcript
from fourweek.accounts.models import Role
from fourweek.database import Database, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import NOW, Learning, demonstrate, learning
from tests.statements import statements

TRANSCRIPT = table(Transcript)


@pytest.fixture
def alice(house: House) -> Learning:
    who = house.db.write_now(learning)
    for week in (1, 2):
        house.db.write_now(demonstrate, who, week)
    record_due_credit(house.db, NOW)
    return who


def issued(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(TRANSCRIPT).order_by(TRANSCRIPT.c.number)).all()))


def test_a_certificate_is_for_whoever_has_the_credit(alice: Learning, house: House, browser: Any) -> None:
    path = f"/transcript/certificate/{alice.course.code}"
    assert browser().get(path).headers["location"] == f"/sign-in?next={path}"
    registrar = browser(house.db.write_now(make.with_role, Role.REGISTRAR))
    stranger = browser(house.db.write_now(make.person, "Carol Dunn"))
    assert [one.get(path).status_code for one in (stranger, registrar)] == [404, 404]
    learner = browser(alice.person_id)
    assert learner.get("/transcript/certificate/no-such-course").status_code == 404
    with statements(house.db) as count:
        page = learner.get(path)
    assert (page.status_code, count.number) == (200, 6)
    for words in ("The course", "Module 1: Week 1 in public", "Module 2: Week 2 in public"):
        assert words in page.text


def test_a_course_and_a_module_are_issued_once_each(alice: Learning, house: House, browser: Any) -> None:
    path, learner = f"/transcript/certificate/{alice.course.code}", browser(alice.person_id)
    for _ in range(2):
        answer = learner.submit(path, path, part="course", paper="us-letter")
        assert (answer.status_code, answer.headers["location"]) == (303, "/transcript#issued")
    (row,) = issued(house.db)
    assert "it is the one to use" in learner.get("/transcript").text
    learner.submit(path, path, part="1.0/2", paper="a4")
    rows = issued(house.db)
    assert [(one.kind.value, one.number[0], one.lines) for one in rows] == [
        ("certificate", "C", 2),
        ("certificate", "C", 1),
    ]
    assert rows[1].scope == {"courses": [alice.course.code], "module": "1.0/2"}
    said = TranscriptSnapshot.from_json(row.snapshot)
    assert (said.courses[0].modules, said.modules_of(said.lines[0])) == (4, 4)
    assert (row.minutes, row.tenths, row.csv_sha256) == (300, 5, "")
    pdf, data = (learner.get(f"/transcripts/{row.number}.{ending}") for ending in ("pdf", "json"))
    assert hashlib.sha256(pdf.content).hexdigest() == row.pdf_sha256
    assert data.content == row.snapshot
    assert data.headers["content-disposition"] == f'attachment; filename="certificate-{row.number}.json"'
    assert learner.get(f"/transcripts/{row.number}.csv").status_code == 404
    stranger = browser(house.db.write_now(make.person, "Carol Dunn"))
    assert [stranger.get(f"/transcripts/{row.number}.{ending}").status_code for ending in ("pdf", "json")] == [404, 404]


def test_a_module_without_credit_has_no_certificate(alice: Learning, house: House, browser: Any) -> None:
    path, learner = f"/transcript/certificate/{alice.course.code}", browser(alice.person_id)
    answer = learner.submit(path, path, part="1.0/3")
    assert (answer.status_code, issued(house.db)) == (422, [])
