"""The rules run beside transactions, once; a person's word is kept whatever the rules say later."""

from typing import Any

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.completeness.models import CompletenessCheck
from assessments.completeness.queries import not_ruled, work_of
from assessments.completeness.rules import Finding
from assessments.completeness.service import Rules, keep_findings, mark_complete
from assessments.evidence.models import Evidence
from assessments.showing.derived import Derived
from fourweek.clock import Now, real_time
from fourweek.database import new_id
from fourweek.edge import House
from fourweek.language.stored import say
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, acts, rows, school
from tests.assessments.showing.files import pdf, picture

FILES = {
    "good.pdf": ("application/pdf", pdf("It opens.")),
    "broken.pdf": ("application/pdf", b"%PDF-1.7\n" + b"nothing " * 50),
    "page.png": ("image/png", b"<!doctype html>"),
    "good.png": ("image/png", picture()),
    "archive.zip": ("application/zip", b"PK\x03\x04 never opened"),
    "empty.txt": ("text/plain", b""),
}


def _with_files(conn: Connection, house: House) -> tuple[School, str]:
    """A school whose alice handed in week 2 with every kind of file, too."""
    made = school(conn)
    pieces = []
    for place, (name, (media_type, data)) in enumerate(FILES.items()):
        kept = house.store.keep_bytes(data)
        piece = Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=made.course.files[1],
            position=place,
            kind=RequirementKind.FILES,
            file_name=f"alice-brook-{name}",
            media_type=media_type,
            size=kept.size,
            sha256=kept.sha256,
            saved_at=make.START,
        )
        pieces.append(piece)
    return made, make.submission(conn, made.course, made.enrolment, week=2, more=pieces)


def _checks(house: House) -> dict[str, Any]:
    return {row.submission_id: row for row in house.db.read_now(rows, CompletenessCheck)}


def test_scan_looks_once_and_names_no_file(house: House) -> None:
    made, second = house.db.write_now(_with_files, house)
    scan, now = Rules(house.db, house.store, Derived(house.settings.home)), Now(real=real_time(), school=NOW)
    assert (scan.run(now), scan.run(now)) == (2, 0)
    found = _checks(house)
    assert found[made.submission].findings == []
    assert [say(one["words"]) for one in found[second].findings] == [
        "Proof: 6 files, at most 2 asked for.",
        "Proof: file 2 does not open: it may be damaged or locked with a password.",
        "Proof: file 3 does not open: it may be damaged or locked with a password.",
        "Proof: file 6 is empty.",
    ]
    assert found[second].ruled_at == now.real
    assert (found[second].checked_at, found[second].checked_by) == (None, None)


def test_a_file_that_is_not_in_the_store_is_said(house: House) -> None:
    def act(conn: Connection) -> str:
        made = school(conn)
        lost = Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=made.course.files[1],
            position=0,
            kind=RequirementKind.FILES,
            file_name="a.pdf",
            media_type="application/pdf",
            size=10,
            sha256="ab" * 32,
            saved_at=make.START,
        )
        return make.submission(conn, made.course, made.enrolment, week=2, more=[lost])

    lost = house.db.write_now(act)
    Rules(house.db, house.store, Derived(house.settings.home)).run(Now(real=real_time(), school=NOW))
    (words,) = [say(one["words"]) for one in _checks(house)[lost].findings]
    assert words == "Proof: file 1 is not in the store; the people who run this school should look."


def test_a_person_said_so_before_the_rules_and_after(conn: Connection) -> None:
    made = school(conn)
    mark_complete(conn, made.grader(), made.submission)
    assert not_ruled(conn, 10) == [made.submission]
    found = [Finding("report", "Report: too short.")]
    keep_findings(conn, made.submission, found, NOW)
    keep_findings(conn, made.submission, [], NOW)
    mark_complete(conn, made.grader(made.gus), made.submission)
    (row,) = rows(conn, CompletenessCheck)
    assert row.findings == [{"requirement": "report", "words": "Report: too short."}]
    assert (row.checked_by, row.ruled_at) == (made.greta, NOW)
    assert acts(conn, "completeness") == ["completeness.checked"]
    assert (not_ruled(conn, 10), work_of(conn, made.submission)) == ([], None)


def test_only_what_waits_is_looked_at(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.greta)
    assert not_ruled(conn, 10) == []
