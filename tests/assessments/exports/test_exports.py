"""Taking grading away: who may, what the files hold, and what is kept of it."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import anyio
import pytest
from PIL import Image
from sqlalchemy import Connection, select, update

from assessments.allocation.conflicts import CONFLICT
from assessments.appeals.models import Appeal, AppealLine, AppealState
from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.exports.evidence import GONE, PURGED, UNCLEAN
from assessments.exports.queries import Wanted
from assessments.exports.streams import as_csv
from assessments.grading.models import Decision, Outcome, Posting
from assessments.terms.models import GradingTerms
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.agreement.school import rated_twice, rating
from tests.assessments.grading.factories import NOW, School, conflict, rows, waiting
from tests.visits import Browser

LIST = "/grading/exports"


def _take(lead: Browser, made: School, what: str, assignment: str = "") -> Any:
    here = f"{LIST}/{made.cohort}"
    return lead.submit(here, here, what=what, assignment=assignment)


def _table(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_only_leads_of_the_cohort_may_and_who_did_is_kept(made: School, house: House, browser: Any) -> None:
    here = f"{LIST}/{made.cohort}"
    other = house.db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Otto Else", new_id()))
    for address in (LIST, here):
        assert browser().get(address).status_code == 303
        assert browser(made.alice).get(address).status_code == 404
        assert browser(made.greta).get(address).status_code == 403
        assert browser(made.lena).get(address).status_code == 200
    assert browser(other).get(here).status_code == 404
    assert here not in browser(other).get(LIST).text
    lena = browser(made.lena)
    assert here in lena.get(LIST).text
    assert _take(lena, made, "ratings.csv").headers["content-disposition"].startswith('attachment; filename="ratings-')
    assert _take(lena, made, "secrets.csv").status_code == 422
    assert _take(lena, made, "ratings.csv", "note-9").status_code == 422
    (kept,) = house.db.read_now(rows, AuditRow, act="cohort.exported")
    assert (kept.actor_id, kept.subject_id, kept.detail) == (
        made.lena,
        made.cohort,
        {"what": "ratings.csv", "assignment": ""},
    )


def _judged(conn: Connection, made: School) -> dict[str, str]:
    """Alice's posted decision was changed and the change posted, another one is not posted, a third was appealed."""
    second, third = waiting(conn, made, 2)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW - timedelta(days=1))
    change = Decision(
        id=new_id(),
        submission_id=made.submission,
        outcome=Outcome.NOT_YET,
        rubric_id=made.course.rubrics[0],
        decided_by=made.lena,
        decided_at=NOW,
        supersedes_id=first,
        reason="=HYPERLINK(1)",
    )
    add(conn, change)
    add(conn, Posting(decision_id=change.id, posted_at=NOW, posted_by=made.lena))
    unposted = make.decided(conn, made.course, second, made.greta)
    appealed = make.decided(conn, made.course, third, made.gus, posted_at=NOW, outcome=Outcome.NOT_YET)
    appeal = Appeal(
        id=new_id(),
        decision_id=appealed,
        submission_id=third,
        state=AppealState.UNCHANGED,
        opened_by=made.alice,
        opened_at=NOW,
    )
    add(conn, appeal)
    add(conn, AppealLine(appeal_id=appeal.id, criterion_id=made.course.criteria[0][0], argument="Look again."))
    return {first: "superseded", change.id: "current", unposted: "not_posted", appealed: "current"}


def test_decisions_say_which_one_counts(made: School, house: House, browser: Any) -> None:
    expected, lena = house.db.write_now(_judged, made), browser(made.lena)
    found = _table(_take(lena, made, "decisions.csv"))
    assert {row["decision"]: row["standing"] for row in found} == expected
    assert [row["reason"] for row in found if row["reason"]] == ["'=HYPERLINK(1)"], "no formula runs"
    criteria = [(row["criterion"], row["level"], row["met"]) for row in found if row["standing"] == "superseded"]
    assert criteria == [("criterion-0", "meets", "yes"), ("criterion-1", "meets", "yes")]
    assert {row["learner"] for row in found} == {"Alice Brook", "Learner0 Doe", "Learner1 Doe"}
    assert {row["appeal"] for row in found} == {"", "unchanged"}
    told = _take(lena, made, "appeals.json").json()
    assert [one["criteria"][0]["argument"] for one in told["appeals"]] == ["Look again."]
    assert (told["cohort"], told["assignment"]) == ("Autumn", None)
    assert _take(lena, made, "decisions.json", "note-2").json()["decisions"] == []


def test_ratings_of_what_is_still_rated_are_left_out(made: School, house: House, browser: Any) -> None:
    def rate(conn: Connection) -> None:
        waits, drafted = waiting(conn, made, 2)
        rated_twice(conn, made, made.submission, (1, 2), (0, None))
        rating(conn, made, waits, made.greta, (1, 1))
        rating(conn, made, drafted, made.greta, (1, 1), at=None)
        for one in (made.submission, drafted):
            make.decided(conn, made.course, one, made.lena)

    house.db.write_now(rate)
    found = _take(browser(made.lena), made, "ratings.json").json()["ratings"]
    assert [(one["grader"], one["purpose"]) for one in found] == [("Greta Grant", "first"), ("Gus Hill", "second")]
    levels = [[(line["level"], line["level_position"]) for line in one["criteria"]] for one in found]
    assert levels == [[("meets", 1), ("exceeds", 2)], [("not-yet", 0), (None, None)]]


def test_work_of_those_a_lead_is_in_conflict_with_is_left_out(made: School, house: House, browser: Any) -> None:
    def judged(conn: Connection) -> str:
        _judged(conn, made)
        rated_twice(conn, made, made.submission, (1, 2), (0, 0))
        return conflict(conn, made.lena, made.alice)

    lena = browser(made.lena)
    stated = house.db.write_now(judged)
    others = {"Learner0 Doe", "Learner1 Doe"}
    for what in ("ratings", "decisions", "appeals"):
        assert {one["learner"] for one in _take(lena, made, f"{what}.json").json()[what]} <= others
    assert "Alice" not in "".join(_unzipped(_take(lena, made, "evidence.zip"))[0])
    house.db.write_now(lambda conn: conn.execute(update(CONFLICT).where(CONFLICT.c.id == stated).values(ended_at=NOW)))
    assert "Alice Brook" in {one["learner"] for one in _take(lena, made, "ratings.json").json()["ratings"]}


def test_who_judges_an_appeal_reads_the_first_reasoning_only_once_they_rated(
    made: School, house: House, browser: Any
) -> None:
    def appealed(conn: Connection) -> str:
        rated_twice(conn, made, made.submission, (1, 2), (0, 0))
        decision = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
        appeal = Appeal(
            id=new_id(),
            decision_id=decision,
            submission_id=made.submission,
            state=AppealState.OPEN,
            opened_by=made.alice,
            opened_at=NOW,
            given_to=made.lena,
        )
        add(conn, appeal)
        add(conn, AppealLine(appeal_id=appeal.id, criterion_id=made.course.criteria[0][0], argument="Look again."))
        return appeal.id

    def told(lead: Browser) -> list[int]:
        return [len(_take(lead, made, f"{what}.json").json()[what]) for what in ("ratings", "decisions", "appeals")]

    other = house.db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Otto Else", made.cohort))
    appeal = house.db.write_now(appealed)
    assert told(browser(made.lena)) == [0, 0, 1]
    assert told(browser(other)) == [2, 1, 1]
    rated = update(table(Appeal)).where(table(Appeal).c.id == appeal).values(state=AppealState.RATED)
    house.db.write_now(lambda conn: conn.execute(rated))
    assert told(browser(made.lena)) == [2, 1, 1]


def test_pieces_join_to_the_same_file(made: School, house: House) -> None:
    house.db.write_now(_judged, made)

    async def whole(piece: int) -> bytes:
        wanted = Wanted(made.cohort, made.lena, "", NOW, piece)
        return b"".join([part async for part in as_csv(house.db, "decisions", wanted)])

    in_one = anyio.run(whole, 50)
    for piece in (1, 2):
        assert sorted(anyio.run(whole, piece).splitlines()) == sorted(in_one.splitlines())
    found = list(csv.reader(io.StringIO(in_one.decode("utf-8-sig"))))
    assert len(found) == 1 + 2 + 1 + 2 + 2
    assert len({tuple(row) for row in found}) == len(found)


def _picture(path: Path) -> bytes:
    made, exif = Image.new("RGB", (8, 8), "navy"), Image.Exif()
    exif[0x013B] = "Alice Brook"  # the artist
    made.save(path, "JPEG", exif=exif)
    return path.read_bytes()


@pytest.fixture
def receipt(made: School, house: House, tmp_path: Path) -> str:
    """Of a work by Zora Quill: a picture, a file nobody can look into, one that is not in the store, a purged one."""
    picture = house.store.keep_bytes(_picture(tmp_path / "a.jpg"))
    blob = house.store.keep_bytes(b"\0\1 made by Zora Quill")
    handed = (
        ("zora quill.jpg", "image/jpeg", picture.sha256, picture.size),
        ("model.bin", "application/octet-stream", blob.sha256, blob.size),
        ("lost.txt", "text/plain", "ab" * 32, 9),
        ("../old.txt", "text/plain", "cd" * 32, 9),
    )
    more = [
        Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=made.course.files[0],
            position=place,
            kind=RequirementKind.FILES,
            file_name=name,
            media_type=kind,
            sha256=digest,
            size=size,
            saved_at=NOW,
        )
        for place, (name, kind, digest, size) in enumerate(handed)
    ]

    def hand_in(conn: Connection) -> str:
        enrolment = make.enrol(conn, made.cohort, make.person(conn, "Zora Quill"))
        work = make.submission(conn, made.course, enrolment, more=more)
        purged = update(EVIDENCE).where(EVIDENCE.c.file_name == "../old.txt").values(text="", url="", purged_at=NOW)
        conn.execute(purged)
        return str(conn.execute(select(SUBMISSION.c.receipt).where(SUBMISSION.c.id == work)).scalar_one())

    return house.db.write_now(hand_in)


def _unzipped(answer: Any) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        files = {name: found.read(name) for name in found.namelist()}
    listed = json.loads(files.pop("manifest.json"))["evidence"]
    table = list(csv.DictReader(io.StringIO(files.pop("manifest.csv").decode("utf-8-sig"))))
    assert [row["path"] for row in table] == [row["path"] for row in listed]
    for row in listed:
        if row["path"]:
            content = files[row["path"]]
            assert (len(content), hashlib.sha256(content).hexdigest()) == (row["size"], row["sha256"])
    assert sorted(files) == sorted(row["path"] for row in listed if row["path"])
    return files, listed


def test_evidence_comes_with_a_list_of_what_is_there_and_what_is_missing(
    made: School, receipt: str, house: House, browser: Any
) -> None:
    files, listed = _unzipped(_take(browser(made.lena), made, "evidence.zip"))
    folder = f"note-1/Zora Quill, attempt 1, {receipt}"
    mine = [row for row in listed if row["receipt"] == receipt]
    assert {row["name"]: (row["path"], row["missing"]) for row in mine} == {
        "text.txt": (f"{folder}/report-1-text.txt", ""),
        "zora quill.jpg": (f"{folder}/proof-1-zora quill.jpg", ""),
        "model.bin": (f"{folder}/proof-2-model.bin", ""),
        "lost.txt": ("", GONE),
        "../old.txt": ("", PURGED),
    }
    assert files[f"{folder}/report-1-text.txt"] == b"The service kept its promise this month."
    assert b"Alice Brook" in files[f"{folder}/proof-1-zora quill.jpg"], "the bytes as they were handed in"


def test_anonymous_cohort_stays_anonymous_in_every_file(made: School, receipt: str, house: House, browser: Any) -> None:
    house.db.write_now(_judged, made)
    house.db.write_now(add, GradingTerms(cohort_id=made.cohort, anonymous=True))
    lena = browser(made.lena)
    pages = [_take(lena, made, f"{what}.{form}").text for what in ("decisions", "appeals") for form in ("csv", "json")]
    files, listed = _unzipped(_take(lena, made, "evidence.zip"))
    said = "".join([*pages, json.dumps(listed), *files])
    for name in ("Zora", "Quill", "quill", "Alice Brook", "Learner0"):
        assert name not in said
        assert not any(name.encode() in content for content in files.values())
    mine = [row for row in listed if row["receipt"] == receipt]
    picture, blob = (next(row for row in mine if row["name"].endswith(ending)) for ending in (".jpg", ".bin"))
    assert picture["sha256"] != picture["handed_in_sha256"], "a copy without metadata"
    assert (blob["path"], blob["missing"]) == ("", UNCLEAN)
