"""The packet as a file: log, sum, stated credit apart with its certificates inside, one certificate a course."""

import io
from dataclasses import replace
from pathlib import Path

from pypdf import PdfReader

from assessments.packets import maker
from assessments.packets.maker import packet_pdf
from assessments.packets.view import view_of
from assessments.transcripts.document import TranscriptSnapshot
from fourweek.storage.local import LocalStore
from tests.assessments.packets.factory import STATED, packet

PICTURE = b"\x89PNG\r\n\x1a\n and so on"
PAPER = b"%PDF-1.7 and so on \xff\x00"


def with_certificates(store: LocalStore, *files: bytes) -> TranscriptSnapshot:
    rows = [replace(STATED[0], evidence_sha256=store.keep_bytes(data).sha256) for data in files]
    return packet(stated=tuple(rows))


def test_everything_for_the_board_is_in_one_file(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    taken = with_certificates(store, PAPER, PICTURE, b"some text")
    reader = PdfReader(io.BytesIO(packet_pdf(taken, store)))
    attached = {name: data[0] for name, data in reader.attachments.items()}
    assert attached == {
        "packet.json": taken.to_json(),
        "stated-1.pdf": PAPER,
        "stated-2.png": PICTURE,
        "stated-3.bin": b"some text",
    }
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    cover, whole = pages[0], " ".join(pages)
    for words in (
        "Audit packet of continuing education",
        "Florida Board of Professional Engineers",
        "1 March 2024 to 28 February 2027",
        "Running a Reliable Service",
        "Clear Technical Writing",
        "All: 8 modules, 1,200 counted minutes, 2.0 CEU",
        "Attended 3 of 4 live sessions",
    ):
        assert words in cover, words
    assert "asks for 18.0 CE hours in a renewal window of 24 months, by the rule us-fl-pe-2017." in whole
    assert "What was earned here comes to 20.0 CE hours: the total is reached." in whole
    assert "This is an estimate; your board decides." in whole
    assert "Stated by the professional, not earned here" in whole
    assert sum("Certificate of completion" in page for page in pages) == 2
    assert all(f"Page {place} of {len(pages)}" in page for place, page in enumerate(pages, start=1))


def test_certificates_that_are_too_large_or_lost_are_named_and_left_out(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    taken = with_certificates(store, PAPER, b"%PDF" + b"x" * 100)
    lost = replace(taken, stated=(*taken.stated, STATED[0]))
    found = dict(maker.attached(lost, store, tmp_path, room=len(PAPER) + 50))
    assert list(found.values()) == ["stated-1.pdf"]
    rows = view_of(lost, found)["stated"]
    assert [bool(row["attachment"]) for row in rows] == [True, False, False]
    assert all(row["sha256"] for row in rows)


def test_a_certificate_may_be_called_anything() -> None:
    odd = packet(stated=(replace(packet().stated[0], evidence_name="\U0001f4c4 Zertifikat 证书.pdf"),))
    assert view_of(odd, {})["stated"][0]["evidence"] == " Zertifikat 证书.pdf"


def test_a_packet_for_no_board_has_no_sum() -> None:
    bare = packet(scope=replace(packet().scope, board=""))
    found = view_of(bare, {})
    assert (found["estimate"], found["board"]) == (None, "any board")
