"""The PDF: same bytes for one snapshot, the record inside it, text as data, and letters it can print."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from assessments.transcripts.errors import DocumentFailed, Unprintable
from assessments.transcripts.layout import Layout
from assessments.transcripts.parts import Learner, LineStatus
from assessments.transcripts.pdf import Paper, qr_svg, transcript_pdf, typeset
from assessments.transcripts.pieces import OutcomeMet
from assessments.transcripts.transcript_view import view_of
from tests.assessments.transcripts.factory import APPROVAL, CODE, ISSUER, course, full_snapshot, line, snapshot


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def catalog(data: bytes) -> Any:
    return read(data).trailer["/Root"].get_object()


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def embedded(reader: PdfReader) -> list[Any]:
    pages: list[Any] = list(reader.pages)
    return [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]


def fonts_of(reader: PdfReader) -> set[str]:
    """Fonts by their names in the file, without the mark of a subset."""
    return {re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"]).split("-Identity")[0] for font in embedded(reader)}


def test_one_snapshot_always_gives_the_same_bytes_in_any_process() -> None:
    code = (
        "import sys; from assessments.transcripts.pdf import transcript_pdf as make;"
        "from tests.assessments.transcripts.factory import snapshot; sys.stdout.buffer.write(make(snapshot()))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert transcript_pdf(snapshot()) == transcript_pdf(snapshot()) == elsewhere.stdout


def test_another_snapshot_gives_other_bytes() -> None:
    other = snapshot(learner=Learner(legal_name="Someone Else", number="1"))
    assert transcript_pdf(snapshot()) != transcript_pdf(other)


def test_the_attached_record_is_the_snapshot_to_the_byte() -> None:
    taken = snapshot()
    reader = read(transcript_pdf(taken))
    assert reader.attachments == {"transcript.json": [taken.to_json()]}
    (associated,) = [entry.get_object() for entry in catalog(transcript_pdf(taken))["/AF"]]
    assert associated["/AFRelationship"] == "/Data"
    assert associated["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"


def test_everything_a_board_asks_for_is_on_the_page() -> None:
    reader = read(transcript_pdf(snapshot(issuer=replace(ISSUER, approvals=(APPROVAL,)))))
    text = words(reader)
    for said in (
        "Harbour Institute of Technology",
        "12 Quay Street, Rochester, NY 14604",
        "Amara Okonkwo-Lindqvist",
        "HL-48213-77",
        "T-2026-000123",
        "7K3M-9QX2-TB8W-4HZA",
        "learn.harbour.example/verify",
        "22 November 2026",
        "Running a Reliable Service",
        "3. Change safely Technical 30 Oct 2024 Demonstrated 155 2:35 0.3",
        "Course total 600 10.0 1.0",
        "Evidence judged against a rubric",
        "America/New_York",
        "ceu-nearest-2018",
        "EX-2210, valid from 1 January 2025 to 31 December 2027",
        "Maria Oduya",
        "registrar@harbour.example",
    ):
        assert said in text, said


def test_no_approval_is_claimed_that_is_not_configured() -> None:
    text = words(read(transcript_pdf(snapshot())))
    assert "Accreditation" not in text
    assert "approved" not in text


def test_a_document_that_replaces_another_says_so() -> None:
    plain = snapshot()
    newer = replace(plain, document=replace(plain.document, replaces="T-2026-000099"))
    assert "T-2026-000099" in words(read(transcript_pdf(newer)))
    assert "Replaces" not in words(read(transcript_pdf(plain)))


def test_lines_without_credit_stand_in_brackets() -> None:
    revoked = line(module_number=2, status=LineStatus.REVOKED, ceu_tenths=0)
    text = words(read(transcript_pdf(snapshot([line(), revoked]))))
    assert "Demonstrated revoked (150) (2.5) 0.0 Course total 150 2.5 0.3" in text


def test_a_former_name_under_which_all_was_earned_is_not_called_a_part() -> None:
    former, now = line(earned_as="Amara Okonkwo"), line(module_number=2)
    assert view_of(snapshot([former]))["named"] == "Earned under the name Amara Okonkwo."
    assert view_of(snapshot([former, now]))["named"] == "Earned in part under the name Amara Okonkwo."


def test_all_that_a_line_may_say_is_on_the_page() -> None:
    reader = read(transcript_pdf(full_snapshot()))
    assert round(reader.pages[0].mediabox.width) == 595
    text = words(reader)
    for said in (
        "An extract from 1 January 2025; the record may hold more.",
        "Professional engineer, New York, licence 012345 (as stated by the learner)",
        "Earned in part under the name Amara Okonkwo.",
        "In person (Self-paced online with graded work). At 12 Quay Street, room 4. Began 5 October 2026.",
        "Taught by Rosa Fuentes, P.E.; Tom Okafor. Attended 3 of 4 live sessions. "
        "Identity confirmed on 1 September 2026, identity document seen in person. "
        "Approved by Example Board of Continuing Education EX-2210, course no. RS-77.",
        "Outcomes: Choose what to measure",
        "Laws and rules (Florida) 60 Technical 90",
        "9 Oct 2026 Demonstrated amended 150 2.5 0.3 2.5 PDH 2.50 LU Hour",
        "9 Oct 2026 Taken back revoked (150) (2.5) 0.0",
        "9 Jan 2025 Demonstrated repeat, no credit",
        "Course total 300 5.0 0.6 5.0 PDH 5.00 LU Hour",
        "Professional development hours pdh-half-hour-2018 5.0",
        "AIA learning unit hours lu-2018 5.00",
        "Stated by the learner, not earned here",
        "1 Mar 2025 =Bridge inspection State Extension, NY-33 · -Nguyen Ethics 1:35 1.5 PDH",
        "SHA-256 ab12 ab12",
    ):
        assert said in text, said


def test_a_total_never_stands_alone_and_headings_are_on_every_page() -> None:
    shown = (OutcomeMet(key="measure", title="Choose what to measure, and say why"),)
    lines = [replace(one, outcomes=shown) for index in range(50) for one in course(index)]
    pages = [page.extract_text() for page in read(transcript_pdf(snapshot(lines))).pages]
    assert 12 <= len(pages) <= 14
    for text in pages[:-1]:
        told = text.split("Harbour Institute of Technology", 1)[1].split()
        assert "Module Subject, minutes Completed Result Minutes Hours CEU" in " ".join(told)
        if "Course total" in text:
            before = text[: text.index("Course total")]
            assert "Demonstrated" in before


def test_categories_show_exact_time_and_no_rounded_credit() -> None:
    text = words(read(transcript_pdf(snapshot())))
    assert "Ethics 1 145 2:25 Technical 3 455 7:35 All 4 600 10.0" in text


def test_every_page_has_the_number_the_code_and_its_place() -> None:
    reader = read(transcript_pdf(snapshot([one for index in range(15) for one in course(index)])))
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "7K3M-9QX2-TB8W-4HZA" in text
        assert "Document T-2026-000123" in text


@pytest.mark.parametrize(("paper", "size"), [(Paper.LETTER, (612, 792)), (Paper.A4, (595, 842))])
def test_paper_sizes(paper: Paper, size: tuple[int, int]) -> None:
    box = read(transcript_pdf(snapshot(), paper=paper)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_a_record_of_one_course_fits_on_one_page_of_either_paper() -> None:
    assert [len(read(transcript_pdf(snapshot(), paper=paper)).pages) for paper in Paper] == [1, 1]


def test_only_the_shipped_fonts_are_used_and_all_are_embedded() -> None:
    reader = read(transcript_pdf(snapshot()))
    assert fonts_of(reader) == {"NotoSans-Regular", "NotoSans-Bold", "NotoSerif-Bold"}
    for font in embedded(reader):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_file_runs_nothing_and_fetches_nothing() -> None:
    data = transcript_pdf(snapshot())
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(catalog(data))
    for mark in (b"/JavaScript", b"/JS", b"/Launch", b"/GoToR", b"/SubmitForm"):
        assert mark not in data


@pytest.mark.parametrize(
    "evil",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        "$ x/0 $ *bold* _i_ `raw` <label> @ref // comment",
        '"); #import "@preview/x:1.0.0" (',
        "\\ #sys.inputs [ ] { } ~ -- ---",
        "%PDF-1.7 endstream endobj",
    ],
)
def test_untrusted_text_is_printed_and_never_run(evil: str) -> None:
    taken = snapshot(
        [line(course_title=evil, module_title=evil, delivery=evil, category=evil)],
        learner=Learner(legal_name=evil, number=evil),
        issuer=replace(ISSUER, name=evil, address=(evil,), registrar=evil, contact=evil),
    )
    text = "".join(words(read(transcript_pdf(taken))).split())
    assert text.count("".join(evil.split())) >= 5


@pytest.mark.parametrize("name", ["ქეთი", "Ann 😀"])
def test_a_name_without_letters_is_refused_and_never_printed_as_boxes(name: str) -> None:
    with pytest.raises(Unprintable) as caught:
        transcript_pdf(snapshot(learner=Learner(legal_name=name, number="1")))
    assert set(caught.value.characters) <= set(name)
    assert caught.value.characters != ""


def test_a_name_of_any_shipped_script_can_be_read_out_of_the_page() -> None:
    for name in ("Łucja Wąż-Śniegocka", "Ελευθερία Παπαδοπούλου", "Юлия Щербакова", "Nguyễn Thị Ngọc Quỳnh"):
        assert name in words(read(transcript_pdf(snapshot(learner=Learner(legal_name=name, number="1")))))


def test_every_script_is_set_in_its_own_font_and_chinese_characters_in_their_countrys_shapes() -> None:
    titles = ("محمد", "שלום", "ศิรินทร์", "देवनागरी", "김민준", "骨直")
    lines = [line(module_number=number, module_title=title) for number, title in enumerate(titles, start=1)]
    said = {"髙橋 骨直": "JP", "陳 骨直": "TC"}
    for name, family in said.items():
        reader = read(transcript_pdf(snapshot(lines, learner=Learner(legal_name=name, number="1"))))
        used = fonts_of(reader)
        assert {"NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansThai-Regular"} <= used
        assert {one for one in used if one[8:10] in {"SC", "TC", "JP", "KR"}} == {
            f"NotoSans{family}-Regular",
            "NotoSansKR-Regular",
        }
        assert "骨直" in words(reader)


def test_a_failure_of_the_typesetter_is_one_of_ours() -> None:
    with pytest.raises(DocumentFailed):
        typeset(snapshot(), Layout(b'#panic("broken")', {}), Paper.A4)


def test_the_qr_code_has_its_quiet_zone_and_holds_only_the_address() -> None:
    address = snapshot().document.verify_url
    svg = qr_svg(address)
    width = segno.make_qr(address, error="m").symbol_size(border=4)[0]
    assert f'width="{width}"' in svg
    assert address.removesuffix(CODE) == "https://learn.harbour.example/verify/"


def test_heavy_parts_load_only_when_a_document_is_made() -> None:
    code = "import sys, assessments.transcripts.pdf; print([m for m in ('typst', 'segno') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_attendance_is_printed_where_it_was_kept() -> None:
    attended = [replace(one, attendance="Attended 3 of 4 live sessions, made up 1") for one in course(0)]
    said = words(read(transcript_pdf(snapshot(lines=attended))))
    assert said.count("Attended 3 of 4 live sessions, made up 1.") == 1
    assert "Attended" not in words(read(transcript_pdf(snapshot())))
