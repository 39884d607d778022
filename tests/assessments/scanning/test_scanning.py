"""A file that a scanner holds: who gets it while it waits, once it is held, and after somebody released it."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, select

from assessments.evidence.forms import NewFile
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import SUBMISSION
from assessments.evidence.viewing import evidence_as
from assessments.names.service import ask_for
from assessments.personal.copying import Wanted, copy_zip
from assessments.personal.parts import About
from assessments.scanning.office import SILENT_FOR, settle
from assessments.scanning.places import MOST
from assessments.scanning.service import Scanning, keep
from assessments.stated.access import certificate_of
from courses.viewing.access import open_view
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.audit.service import ROW
from fourweek.clock import Now, real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.errors import Forbidden
from fourweek.outbox import OUTBOX
from fourweek.scanning.asking import Answer
from fourweek.scanning.gate import CHECKED_WORDS, HELD_WORDS, VERDICT, BeingChecked, HeldBack
from fourweek.scanning.models import ScanState
from fourweek.scanning.waiting import unknown, wait, waiting
from fourweek.scans import SENT_FILES
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.evidence.conftest import school  # noqa: F401
from tests.assessments.evidence.school import PNG, School, evidence, fields, typed
from tests.assessments.names.test_service import ASKED, PASSPORT, number_of
from tests.assessments.stated.factories import stated
from tests.statements import statements

VIRUS = PNG + b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = """if [ -e "$0.away" ]; then exit 2; fi
if grep -q "EICAR-STANDARD" "$1"; then echo "$1: Eicar-Test FOUND"; exit 1; fi
"""
LIST = "/held-files"


@pytest.fixture
def scanner(tmp_path: Path) -> Path:
    path = tmp_path / "scan.sh"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def settings(settings: Settings, scanner: Path) -> Settings:
    return settings.model_copy(update={"demo": True, "scan_command": f"sh {scanner}"})


Tick = Callable[..., int]


@pytest.fixture
def tick(house: House) -> Tick:
    """tick(minutes) is one of the worker so many minutes from now; returns how many files it had an answer for."""
    scanning = Scanning(house.db, house.store, house.settings, SENT_FILES)

    def run(minutes: int = 0) -> int:
        at = real_time() + timedelta(minutes=minutes)
        return scanning.run(Now(at, at))

    return run


def _states(db: Database) -> list[tuple[str, int]]:
    return db.read_now(lambda conn: [(row.state, row.tries) for row in conn.execute(select(VERDICT))])


def _lead(conn: Connection, person: str, cohort: str) -> str:
    grant(conn, person, Role.LEAD, scope_id=cohort, now=make.BEFORE)
    return person


def _zip(answer: Any) -> ZipFile:
    assert answer.status_code == 200
    return ZipFile(io.BytesIO(answer.content))


def test_from_arriving_to_being_released(school: School, house: House, browser: Any, tick: Tick) -> None:  # noqa: F811
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": "The service kept its promise.", "integrity": "1"})
    alice.post(school.at + "/submit", data=form, files=[("files-proof", ("shot.png", VIRUS, "image/png"))])
    file = next(row for row in evidence(house.db) if row.file_name)
    at, (receipt,) = f"/evidence/{file.id}", house.db.read_now(_receipts)
    greta = browser(house.db.write_now(_lead, school.greta, school.cohort))
    rita = browser(house.db.write_now(make.with_role, Role.REGISTRAR, "Rita Reed"))
    work = f"/grading/{file.submission_id}"

    assert _states(house.db) == [("pending", 0)]
    assert [alice.get(at + part).status_code for part in ("", "/view")] == [200, 200]
    assert [greta.get(at + part).status_code for part in ("", "/view", "/picture")] == [403] * 3
    assert CHECKED_WORDS in alice.get(school.at).text
    assert (CHECKED_WORDS in greta.get(work).text, at in greta.get(work).text) == (True, False)
    assert file.sha256 not in rita.get(LIST).text
    assert rita.get(f"{LIST}/{file.sha256}").status_code == 404

    assert (tick(), tick()) == (1, 0)
    assert _states(house.db) == [("held", 0)]
    for one in (alice, greta):
        assert [one.get(at + part).status_code for part in ("", "/view", "/picture")] == [403] * 3
    assert (HELD_WORDS in alice.get(school.at).text, at in alice.get(school.at).text) == (True, False)
    assert "Ask the learner for another file" in greta.get(work).text
    told = house.db.read_now(lambda conn: conn.execute(select(OUTBOX).where(OUTBOX.c.kind == "file_held")).all())
    assert [(row.person_id, row.data["path"]) for row in told] == [(school.alice, school.at)]
    assert house.db.read_now(_receipts) == [receipt]

    exports = f"/grading/exports/{school.cohort}"
    listing = greta.submit(exports, exports, what="evidence.zip")
    rows = list(csv.DictReader(io.StringIO(_zip(listing).read("manifest.csv").decode("utf-8-sig"))))
    assert [(row["path"], row["missing"]) for row in rows if row["kind"] == "files"] == [("", HELD_WORDS)]
    copy = _zip(alice.submit("/account/privacy", "/account/privacy/copy"))
    assert [one["why"] for one in json.loads(copy.read("manifest.json"))["not_here"]] == [HELD_WORDS]

    lead = make.visitor(school.greta, real_time(), (Role.LEAD, school.cohort))
    house.db.write_now(open_view, lead, school.cohort, school.enrolment, "She asked.")
    with pytest.raises(HeldBack):
        house.db.read_now(evidence_as, lead, (school.cohort, school.enrolment, "now"), file.id)

    here = f"{LIST}/{file.sha256}"
    assert [one.get(LIST).status_code for one in (alice, greta)] == [404, 404]
    assert "Eicar-Test FOUND" in rita.get(LIST).text
    assert receipt in rita.get(here).text
    assert rita.submit(here, here + "/take").content == VIRUS
    assert rita.submit(here, here, decision="release", reason=" ").status_code == 422
    assert rita.submit(here, here, decision="keep", reason="It is one.").status_code == 303
    assert greta.get(at).status_code == 403
    assert rita.submit(here, here, decision="release", reason="A test file.").status_code == 303
    assert greta.get(at).content == VIRUS
    assert alice.get(at).status_code == 200
    acts = house.db.read_now(lambda conn: conn.execute(select(ROW).where(ROW.c.subject_id == file.sha256)).all())
    assert [(row.act, row.reason) for row in acts] == [
        ("scan.take", ""),
        ("scan.keep", "It is one."),
        ("scan.release", "A test file."),
    ]


def _receipts(conn: Connection) -> list[str]:
    return list(conn.execute(select(SUBMISSION.c.receipt)).scalars())


def test_a_scanner_that_is_away_stops_nothing(
    school: School,  # noqa: F811
    house: House,
    scanner: Path,
    tick: Tick,
) -> None:
    """Files of before it was turned on are found, wait with growing pauses, and are clean once it is back."""
    away = scanner.with_name("scan.sh.away")
    away.touch()
    kept = [house.store.keep_bytes(PNG + bytes([one])) for one in range(3)]
    files = tuple(NewFile("proof", f"{one.sha256}.png", "image/png", one.size, one.sha256) for one in kept)
    school.hand_in(house.db, typed(files=files[:2]))
    assert tick() == 0
    assert _states(house.db) == [("pending", 1)] * 2
    assert tick() == 0
    assert _states(house.db) == [("pending", 1)] * 2, "the pause has not passed"
    away.unlink()
    assert tick(2) == 2
    assert _states(house.db) == [("clean", 1)] * 2
    gone = "9" * 64
    house.db.write_now(wait, [gone], real_time())
    assert tick(3) == 0, "what is not in the store waits for nobody"
    assert house.db.read_now(waiting).count == 0


def test_nobody_releases_their_own_file(school: School, house: House, browser: Any, tick: Tick) -> None:  # noqa: F811
    kept = house.store.keep_bytes(VIRUS)
    school.save(house.db, typed(files=(NewFile("proof", "a.png", "image/png", kept.size, kept.sha256),)))
    assert tick() == 1
    visitor = make.visitor(school.alice, real_time(), (Role.OPERATOR, ""))
    with pytest.raises(Forbidden):
        house.db.write_now(partial(settle, release=True, reason="Fine."), visitor, kept.sha256)
    house.db.write_now(lambda conn: grant(conn, school.alice, Role.OPERATOR, now=make.BEFORE))
    alice = browser(school.alice)
    assert "/held-files" in alice.get("/home").text
    assert "You sent this file yourself" in alice.get(f"{LIST}/{kept.sha256}").text


def test_papers_are_held_as_evidence_is(conn: Connection) -> None:
    alice, sha256 = make.person(conn), "7" * 64
    paper = stated(conn, alice, evidence_name="a.pdf", evidence_sha256=sha256)
    mine, office = make.visitor(alice), make.visitor(make.person(conn), make.START, (Role.REGISTRAR, ""))
    assert unknown(conn, SENT_FILES) == [sha256]
    wait(conn, [sha256], make.START)
    assert certificate_of(conn, mine, paper) == (sha256, "a.pdf")
    with pytest.raises(BeingChecked):
        certificate_of(conn, office, paper)
    keep(conn, sha256, Answer(ScanState.HELD, "Found."), make.START)
    with pytest.raises(HeldBack):
        certificate_of(conn, mine, paper)
    told = conn.execute(select(OUTBOX.c.person_id, OUTBOX.c.kind)).all()
    assert [tuple(row) for row in told] == [(alice, "file_held")]


def test_everybody_who_sends_it_is_told_also_later(house: House, tick: Tick) -> None:
    """A row may come after the answer, and a content that is held may be sent by somebody else."""
    sha256, now = "7" * 64, real_time()

    def found(conn: Connection) -> None:
        wait(conn, [sha256], now)
        keep(conn, sha256, Answer(ScanState.HELD, "Found."), now)

    def sends(conn: Connection, at: int, times: int) -> str:
        wait(conn, [sha256], now + timedelta(hours=at))
        person = make.person(conn)
        for _ in range(times):
            stated(conn, person, evidence_name="a.pdf", evidence_sha256=sha256)
        return person

    def told(conn: Connection) -> list[str]:
        return list(conn.execute(select(OUTBOX.c.person_id).where(OUTBOX.c.kind == "file_held")).scalars())

    house.db.write_now(found)
    alice = house.db.write_now(sends, 0, MOST + 1)
    tick()
    assert house.db.read_now(told) == [alice] * (MOST + 1)
    bo = house.db.write_now(sends, 30 * 24, 1)
    tick(30 * 24 * 60 + 30)
    assert house.db.read_now(told).count(bo) == 1
    tick(30 * 24 * 60 + 100)
    assert len(house.db.read_now(told)) == MOST + 2


def test_the_office_settles_what_the_scanner_cannot_say_anything_of(
    school: School,  # noqa: F811
    house: House,
    browser: Any,
) -> None:
    kept = [house.store.keep_bytes(VIRUS + bytes([one])) for one in range(2)]
    one, two = (file.sha256 for file in kept)
    files = tuple(NewFile("proof", "a.png", "image/png", file.size, file.sha256) for file in kept)
    school.hand_in(house.db, typed(files=files))
    rita = browser(house.db.write_now(make.with_role, Role.REGISTRAR, "Rita Reed"))

    def tries(conn: Connection, times: int) -> None:
        wait(conn, [one, two], real_time())
        for _ in range(times):
            keep(conn, one, Answer(None, "Too large for me."), real_time())
            keep(conn, two, Answer(None, "Too large for me."), real_time())

    house.db.write_now(tries, SILENT_FOR - 1)
    assert ("Nothing is held back" in rita.get(LIST).text, rita.get(f"{LIST}/{one}").status_code) == (True, 404)
    house.db.write_now(tries, 1)
    assert rita.get(LIST).text.count("Too large for me.") == 2
    assert rita.submit(f"{LIST}/{one}", f"{LIST}/{one}", decision="release", reason="A film.").status_code == 303
    assert rita.submit(f"{LIST}/{two}", f"{LIST}/{two}", decision="keep", reason="No film.").status_code == 303
    assert sorted(_states(house.db)) == [("clean", SILENT_FOR), ("held", SILENT_FOR)]
    assert "Kept back" in rita.get(LIST).text
    assert not house.db.write_now(keep, two, Answer(ScanState.CLEAN, ""), real_time())
    assert _states(house.db).count(("held", SILENT_FOR)) == 1


def test_what_is_held_while_a_copy_is_sent_is_not_in_the_rest_of_it(school: School, house: House) -> None:  # noqa: F811
    kept = [house.store.keep_bytes(VIRUS + bytes([one])) for one in range(2)]
    files = tuple(NewFile("proof", "a.png", "image/png", file.size, file.sha256) for file in kept)
    school.hand_in(house.db, typed(files=files))
    at = real_time()

    def found(conn: Connection) -> None:
        wait(conn, [file.sha256 for file in kept], at)
        for file in kept:
            keep(conn, file.sha256, Answer(ScanState.HELD, "Found."), at)

    async def sent() -> bytes:
        whole = b""
        async for piece in copy_zip(house, Wanted(About([school.alice], Now(at, at)), "1", "today")):
            if b"-a.png" in piece and b"-a.png" not in whole:
                house.db.write_now(found)
            whole += piece
        return whole

    copy = ZipFile(io.BytesIO(asyncio.run(sent())))
    assert sum(name.endswith("a.png") for name in copy.namelist()) == 1, "the one that was open already"
    assert [one["why"] for one in json.loads(copy.read("manifest.json"))["not_here"]] == [HELD_WORDS]


def test_what_one_took_back_or_entered_for_another_is_ones_own(
    school: School,  # noqa: F811
    house: House,
) -> None:
    kept, paper = house.store.keep_bytes(VIRUS), PASSPORT.sha256
    office = make.visitor(school.alice, real_time(), (Role.REGISTRAR, ""))
    school.hand_in(house.db, typed(files=(NewFile("proof", "a.png", "image/png", kept.size, kept.sha256),)))

    def found(conn: Connection) -> None:
        conn.execute(SUBMISSION.update().values(state=SubmissionState.WITHDRAWN))
        ask_for(conn, office, number_of(conn, make.visitor(make.person(conn))), ASKED)
        wait(conn, [kept.sha256, paper], real_time())
        for one in (kept.sha256, paper):
            keep(conn, one, Answer(ScanState.HELD, "Found."), real_time())

    house.db.write_now(found)
    for one in (kept.sha256, paper):
        with pytest.raises(Forbidden):
            house.db.write_now(partial(settle, release=True, reason="Fine."), office, one)


def test_without_a_scanner_no_row_is_written(school: School, house: House, browser: Any) -> None:  # noqa: F811
    house.settings = house.settings.model_copy(update={"scan_command": ""})
    alice = browser(school.alice)
    with statements(house.db) as count:
        alice.post(
            school.at + "/draft",
            data=fields(alice, school),
            files=[("files-proof", ("shot.png", VIRUS, "image/png"))],
        )
    assert _states(house.db) == []
    assert not any("INSERT INTO scan_verdict" in one for one in count.texts)
    house.db.write_now(wait, ["1" * 64], real_time())
    at = real_time()
    scanning = Scanning(house.db, house.store, house.settings, SENT_FILES)
    assert scanning.run(Now(at, at)) == 1
    assert _states(house.db) == []
    house.db.write_now(wait, ["1" * 64], real_time())
    assert scanning.run(Now(at, at)) == 0
    later = at + timedelta(hours=1)
    assert scanning.run(Now(later, later)) == 1, "a server that was not started anew yet let it wait"
