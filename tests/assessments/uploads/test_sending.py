"""Uploads from their first byte to a piece of evidence: by the protocol, for nobody else, nothing lost or twice."""

import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from fastapi import FastAPI

from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.school import GOOD, School, attempts, evidence, fields, set_clock, spooled
from tests.assessments.photos.pictures import png
from tests.assessments.photos.test_photos import cleaned
from tests.assessments.uploads.conftest import LIMIT, MB
from tests.assessments.uploads.sending import PDF, PNG, Sender, named, on_disk, said, uploads

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


def test_terms_are_told_to_everybody(school: School, browser: Any) -> None:
    answer = browser().options(f"{school.at}/uploads/proof")
    assert answer.status_code == 204
    assert {name: value for name, value in answer.headers.items() if name.startswith("tus-")} == {
        "tus-resumable": "1.0.0",
        "tus-version": "1.0.0",
        "tus-extension": "creation,expiration,checksum,termination",
        "tus-max-size": str(LIMIT),
        "tus-checksum-algorithm": "sha256,sha1",
    }


def test_guest_is_told_to_sign_in_and_leaves_nothing(school: School, browser: Any, db: Database) -> None:
    base, guest = f"{school.at}/uploads/proof", browser()
    for method, at in (("POST", base), ("PATCH", f"{base}/1"), ("DELETE", f"{base}/1"), ("HEAD", f"{base}/1")):
        assert guest.request(method, at, headers={"tus-resumable": "1.0.0"}).status_code == 401, method
    assert (uploads(db), attempts(db)) == ([], [])


def test_stranger_finds_nothing(alice: Sender, browser: Any, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    bob = Sender(browser(alice.school.bob), alice.school)
    assert bob.begin("report.pdf", 10).status_code == 404
    assert bob.put(at, 100, PDF[100:]).status_code == 404
    assert bob.ask("HEAD", at).status_code == 404
    assert bob.ask("GET", at).status_code == 404
    assert bob.ask("DELETE", at).status_code == 404
    assert bob.browser.get(alice.base).status_code == 404
    assert [row.received for row in uploads(db)] == [100]
    assert [path.stat().st_size for path in on_disk(house)] == [100]


def test_request_without_its_token_changes_nothing(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    right, alice.token = alice.token, "stale"
    refused = alice.put(at, 0, PDF)
    assert refused.status_code == 403
    assert refused.json()["form_token"] == right  # whoever signed in anew beside the page goes on with it
    assert alice.ask("DELETE", at).status_code == 403
    assert [row.received for row in uploads(db)] == [0]


def test_other_version_is_refused_before_anything_happens(alice: Sender, db: Database) -> None:
    answer = alice.begin("report.pdf", 10, tus_resumable="0.2.2")
    assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    assert (uploads(db), attempts(db)) == ([], [])


def test_file_in_pieces_becomes_evidence_of_a_new_draft(alice: Sender, db: Database, house: House) -> None:
    created = alice.begin("report.pdf", len(PDF))
    at = created.headers["location"]
    assert created.status_code == 201
    assert at.startswith(alice.base + "/")
    assert [row.state for row in attempts(db)] == ["draft"]
    first = alice.put(at, 0, PDF[: MB + 1])
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(MB + 1))
    head = alice.ask("HEAD", at)
    assert head.headers["upload-length"] == str(len(PDF))
    assert head.headers["upload-metadata"] == "filename " + base64.b64encode(b"report.pdf").decode()
    assert head.headers["cache-control"] == "no-store"
    left = parsedate_to_datetime(head.headers["upload-expires"]) - real_time()
    assert timedelta(days=6, hours=23) < left < timedelta(days=7, minutes=1)
    assert evidence(db) == []
    last = alice.put(at, MB + 1, PDF[MB + 1 :])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(PDF)))
    assert [(row.file_name, row.size, row.sha256, row.media_type) for row in evidence(db)] == [
        ("report.pdf", len(PDF), SHA, "application/pdf")
    ]
    with house.store.open(SHA) as kept:
        assert kept.read() == PDF
    assert (on_disk(house), spooled(house)) == ([], ["uploads"])
    assert [(row.state, row.sha256) for row in uploads(db)] == [("kept", SHA)]


@pytest.mark.parametrize("keeps", [False, True])
def test_photo_loses_its_place_unless_the_learner_keeps_it(alice: Sender, db: Database, *, keeps: bool) -> None:
    told = named("shot.png", keep_place="1" if keeps else "0")
    at = alice.begin("shot.png", len(png()), upload_metadata=told).headers["location"]
    assert alice.put(at, 0, png()[:50]).status_code == 204
    assert alice.put(at, 50, png()[50:]).status_code == 204
    _, plain = cleaned(png(), ".png")
    kept, note = (png(), "") if keeps else (plain, "Location data was removed.")
    expected = [(len(kept), hashlib.sha256(kept).hexdigest(), note)]
    assert [(row.size, row.sha256, row.note) for row in evidence(db)] == expected
    assert alice.put(at, len(png()), b"").status_code == 204
    assert len(evidence(db)) == 1


def test_finishing_again_changes_nothing(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    for _ in range(2):
        assert alice.put(at, alice.offset(at), PDF[alice.offset(at) :]).status_code == 204
    assert alice.put(at, 0, PDF).status_code == 409
    assert [row.sha256 for row in evidence(db)] == [SHA]


@pytest.mark.parametrize("offset", [0, 50, 150])
def test_repeated_overlapping_and_early_pieces_are_told_where_it_stands(
    alice: Sender, db: Database, offset: int
) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    answer = alice.put(at, offset, PDF[offset : offset + 100])
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "100")
    assert alice.put(at, 100, PDF[100:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_piece_beyond_the_end_is_refused(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", 200)
    alice.put(at, 0, PDF[:100])
    assert alice.put(at, 100, PDF[100:201]).status_code == 413
    assert alice.offset(at) == 100
    assert alice.put(at, 100, PDF[100:200]).status_code == 204
    assert [row.size for row in evidence(db)] == [200]


def test_cut_off_piece_keeps_what_arrived(alice: Sender, app: FastAPI, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    assert alice.hang_up(app, at, 0, [PDF[:70_000], PDF[70_000:MB], PDF[MB : MB + 77]]) == [400]
    assert alice.offset(at) == MB + 77
    assert [path.stat().st_size for path in on_disk(house)] == [MB + 77]
    assert alice.put(at, MB + 77, PDF[MB + 77 :]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_connection_that_breaks_after_the_last_byte_costs_nothing(alice: Sender, app: FastAPI, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.hang_up(app, at, 0, [PDF])
    assert alice.offset(at) == len(PDF)
    assert alice.put(at, len(PDF), b"").status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_unacknowledged_tail_is_dropped(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    with on_disk(house)[0].open("ab") as spool:
        spool.write(b"written, and never acknowledged")
    assert alice.put(at, 100, PDF[100:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_upload_whose_bytes_are_gone_begins_anew(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    on_disk(house)[0].write_bytes(PDF[:50])
    assert alice.put(at, 100, PDF[100:]).status_code == 410
    assert alice.ask("HEAD", at).status_code == 404
    assert (uploads(db), evidence(db)) == ([], [])


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_piece_that_is_not_what_its_checksum_says_is_not_kept(alice: Sender, db: Database, algorithm: str) -> None:
    at = alice.begun("report.pdf", len(PDF))

    def sum_of(data: bytes) -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    assert alice.put(at, 0, PDF[:100], upload_checksum=sum_of(b"something else")).status_code == 460
    assert alice.put(at, 0, PDF[:100], upload_checksum="crc32 AAAA").status_code == 400
    assert alice.offset(at) == 0
    assert alice.put(at, 0, PDF[:100], upload_checksum=sum_of(PDF[:100])).status_code == 204
    assert alice.put(at, 100, PDF[100:], upload_checksum=sum_of(PDF[100:])).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_cut_off_piece_with_a_checksum_is_not_kept(alice: Sender, app: FastAPI, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    given = "sha256 " + base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    assert alice.hang_up(app, at, 0, [PDF[:MB]], upload_checksum=given) == [400]
    assert alice.offset(at) == 0
    assert alice.put(at, 0, PDF).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_piece_of_another_content_type_is_refused(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    for kind in ("application/octet-stream", "multipart/form-data; boundary=x", ""):
        assert alice.put(at, 0, PDF[:100], content_type=kind).status_code == 415
    assert alice.put(at, 0, PDF[:100], upload_offset="none").status_code == 400
    assert alice.offset(at) == 0


def test_dropped_upload_leaves_nothing(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    assert alice.ask("DELETE", at).status_code == 204
    assert alice.ask("HEAD", at).status_code == 404
    assert alice.ask("DELETE", at).status_code == 404
    assert (uploads(db), on_disk(house)) == ([], [])


def test_what_is_evidence_stays_when_its_upload_is_dropped(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF)
    assert alice.ask("DELETE", at).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_session_that_ends_in_the_middle_costs_nothing(alice: Sender, db: Database) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    alice.browser.post("/sign-out", data={"form_token": alice.token})
    assert alice.put(at, 100, PDF[100:]).status_code == 401
    alice.browser.sign_in_as(alice.school.alice)
    refused = alice.put(at, 100, PDF[100:])
    assert refused.status_code == 403
    alice.token = refused.json()["form_token"]
    assert alice.put(at, alice.offset(at), PDF[100:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]


def test_upload_goes_on_when_the_time_is_over(alice: Sender, db: Database, school: School) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    set_clock(db, real_time() + timedelta(days=400))
    assert alice.put(at, 100, PDF[100:]).status_code == 204
    assert [row.sha256 for row in evidence(db)] == [SHA]
    assert "The time for handing this in is over." in alice.browser.get(school.at).text
    assert alice.begin("more.pdf", 10).status_code == 201  # the draft is there, and an extension may come


def test_attempt_handed_in_meanwhile_takes_no_file_and_says_so(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    alice.put(at, 0, PDF[:100])
    form = fields(alice.browser, alice.school, **{"text-report": GOOD, "integrity": "1"})
    files = [("files-proof", ("shot.png", PNG, "image/png"))]
    assert alice.browser.post(alice.school.at + "/submit", data=form, files=files).status_code == 303
    answer = alice.put(at, 100, PDF[100:])
    assert answer.status_code == 422
    assert "handed in" in said(answer)
    assert sorted(row.file_name or row.text for row in evidence(db)) == [GOOD, "shot.png"]
    assert [(row.state, row.problem != "") for row in uploads(db)] == [("checking", True)]
    assert len(on_disk(house)) == 1
    assert alice.begin("late.pdf", 10).status_code == 409


def test_full_slot_takes_the_file_once_there_is_room(alice: Sender, db: Database, house: House) -> None:
    at = alice.begun("report.pdf", len(PDF))
    for name in ("one.txt", "two.txt"):
        form = fields(alice.browser, alice.school)
        alice.browser.post(alice.school.at + "/draft", data=form, files=[("files-proof", (name, name.encode(), ""))])
    answer = alice.put(at, 0, PDF)
    assert (answer.status_code, said(answer)) == (422, "3 files, at most 2 asked for. Remove one first.")
    one = next(row for row in evidence(db) if row.file_name == "one.txt")
    alice.browser.post(alice.school.at + "/draft", data=fields(alice.browser, alice.school, remove=one.id))
    assert alice.put(at, len(PDF), b"").status_code == 204
    assert sorted(row.file_name for row in evidence(db)) == ["report.pdf", "two.txt"]
    assert on_disk(house) == []
