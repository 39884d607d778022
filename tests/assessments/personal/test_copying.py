"""The copy of everything about a person: whole, true to its manifest, and about nobody else."""

import hashlib
import io
import json
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Connection, select

from assessments.personal.areas import AREAS, OF_THE_MACHINE, OF_THE_SCHOOL
from assessments.personal.parts import LEFT_OUT, MINE, About, rows
from assessments.personal.service import begin_copy_for
from fourweek.accounts.access import PERSON
from fourweek.audit.service import ROW
from fourweek.clock import Now
from fourweek.edge import House
from fourweek.errors import Invalid, NotFound
from fourweek.migrations.tables import metadata
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.erasure.factories import AT, FIRST, WORD, Case, everything, keeper, put

NOW = Now(AT, AT)


def test_every_table_is_thought_of() -> None:
    """A new table: say in `areas.py` what it is, and in `parts.py` whether the copy has it, or why not."""
    personal = [table for area in AREAS for table in area.tables]
    named = [*personal, *OF_THE_SCHOOL, *OF_THE_MACHINE]
    assert sorted(named) == sorted(metadata.tables)
    assert sorted([*MINE, *LEFT_OUT]) == sorted(personal)


def _all(conn: Connection, about: About) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(conn, table, about, 0) for table in MINE}


def test_the_copy_holds_all_of_theirs_and_nothing_of_others(conn: Connection) -> None:
    case = everything(conn, credit=True)
    me = case.who.person_id
    put(
        conn,
        "outbox_message",
        person_id=me,
        key="later",
        kind="posted",
        data={"t": "ahead"},
        shown_from=make.START.replace(year=2030),
    )
    found = _all(conn, About([me], NOW))
    assert {table for table, lines in found.items() if not lines} <= {
        *(
            "lesson_read",
            "reading_place",
            "attendance",
            "role_grant",
            "credential_issue",
            "document_choice",
            "share_visit",
        ),
        *("award_choice", "erasure_request"),
    }
    said = json.dumps(found)
    assert (WORD in said, FIRST in said, "ahead" in said) == (True, True, False)
    for hidden in ("Bob Marsh", "Greta", case.other, case.grader, "kept words", "token_hash"):
        assert hidden not in said
    assert found["enrolment"][0]["cohort_title"] == "Autumn"
    assert found["decision"][0]["decided_by"] == "somebody else"
    assert "state" not in found["submission"][0]


TOLD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("question_asked", {"by": "Bob Marsh", "title": "Marsh asks", "text": "I am Bob Marsh.", "course": "Course"}),
    ("question_replied", {"by": "Bob Marsh", "title": "Marsh asks", "text": "Bob here.", "cohort": "Autumn"}),
    ("place_asked", {"name": "Bob Marsh", "message": "It is Bob.", "course": "Course", "path": "/people/Marsh"}),
    ("coaching_asked", {"name": "Bob Marsh", "wish": "Bob would like to talk.", "title": "A note"}),
    ("correction_asked", {"what": "take back credit of Bob Marsh", "by": "Rita Marsh", "reason": "Bob wrote."}),
    ("sent_back", {"note": "Bob did well.", "title": "A note", "attempt": 1, "path": "/grading/Marsh"}),
    ("promise_near", {"lines": ["Marsh, attempt 1"], "count": 1}),
    ("announcement", {"by": "Rita Marsh", "text": "Welcome.", "course": "Course"}),
)
"""Notices to somebody who serves a cohort, each of which says something of Bob Marsh."""


def test_notices_in_the_copy_name_nobody_else(conn: Connection) -> None:
    greta = make.person(conn, "Greta Grant")
    for kind, data in TOLD:
        put(conn, "outbox_message", person_id=greta, key=kind, kind=kind, data=data)
    found = {row["kind"]: row["data"] for row in rows(conn, "outbox_message", About([greta], NOW), 0)}
    assert [word for word in ("Bob", "Marsh") if word in json.dumps(found)] == []
    assert found == {
        "question_asked": {"course": "Course"},
        "question_replied": {"by": "somebody else", "cohort": "Autumn"},
        "place_asked": {"course": "Course"},
        "coaching_asked": {"title": "A note"},
        "correction_asked": {},
        "sent_back": {"title": "A note", "attempt": 1},
        "promise_near": {"count": 1},
        "announcement": {"by": "somebody else", "text": "Welcome.", "course": "Course"},
    }


def test_what_is_not_posted_is_not_in_it(conn: Connection) -> None:
    who = make.person(conn, "Ann Ash")
    course = make.course(conn, weeks=1)
    enrolment = make.enrol(conn, make.cohort(conn, course), who)
    work = make.submission(conn, course, enrolment)
    make.decided(conn, course, work, make.person(conn, "Greta"), posted_at=make.START.replace(year=2030))
    found = _all(conn, About([who], NOW))
    assert (found["decision"], found["decision_line"], len(found["evidence"])) == ([], [], 1)


def test_a_registrar_takes_one_with_a_reason(conn: Connection) -> None:
    case, settings = everything(conn, credit=False), Settings()
    number = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == case.who.person_id)).scalar_one()
    for visitor, reason, error in (
        (make.visitor(case.other), "x", NotFound),
        (keeper(conn), " ", Invalid),
    ):
        try:
            begin_copy_for(conn, visitor, number, reason, settings)
        except error:
            continue
        raise AssertionError(error)
    assert begin_copy_for(conn, keeper(conn), number, "A letter.", settings).number == number
    assert conn.execute(select(ROW.c.reason).where(ROW.c.act == "person.copy")).scalar_one() == "A letter."


def _kept(house: House, case: Case) -> None:
    """A file of theirs that is in the store; the others that rows name are not."""
    kept = house.store.keep_bytes(b"the bytes of a certificate")
    stated = metadata.tables["stated_credit"]
    house.db.write_now(lambda conn: conn.execute(stated.update().values(evidence_sha256=kept.sha256)))


def test_the_zip_is_as_its_manifest_says(house: House, browser: Any) -> None:
    case = house.db.write_now(lambda conn: everything(conn, credit=True))
    _kept(house, case)
    mine = browser(case.who.person_id)
    answer = mine.submit("/account/privacy", "/account/privacy/copy")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = ZipFile(io.BytesIO(answer.content))
    manifest = json.loads(archive.read("manifest.json"))
    assert {one["path"] for one in manifest["files"]} == {*archive.namelist()} - {"manifest.json"}
    for one in manifest["files"]:
        data = archive.read(one["path"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["size"], one["sha256"])
    areas = [json.loads(archive.read(f"data/{area.key}.json")) for area in AREAS]
    assert [one["title"] for one in areas] == [area.title for area in AREAS]
    assert [archive.read(name) for name in archive.namelist() if name.startswith("files/")] == [
        b"the bytes of a certificate"
    ]
    assert {one["path"].split("/")[1] for one in manifest["not_here"]} == {"evidence", "names", "documents"}
    assert b"Bob" not in answer.content
