"""CSV: no cell that a spreadsheet would run, and nothing lost on the way back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.transcripts.parts import Learner
from assessments.transcripts.table import COLUMNS, read_rows, transcript_csv
from fourweek.spreadsheets import plain_cell, safe_cell
from tests.assessments.transcripts.factory import line, snapshot

DANGEROUS = [
    "=1+1",
    "+1",
    "-Nguyen",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u200b=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\x00=1",
]
HARMLESS = ["", "Nguyen", "O'Brien", "'t Hooft", "a=b", "2:35", "…-", "''"]


def test_csv_is_one_row_a_line_in_the_documented_shape() -> None:
    data = transcript_csv(snapshot())
    assert data.startswith(b'\xef\xbb\xbf"Document","Verification code",')
    assert data.count(b"\r\n") == data.count(b"\n") == 5
    first = read_rows(data)[0]
    assert list(first) == list(COLUMNS)
    assert list(first.values()) == [
        "T-2026-000123",
        "7K3M-9QX2-TB8W-4HZA",
        "https://learn.harbour.example/verify/7K3M9QX2TB8W4HZA",
        "2026-11-22",
        "Harbour Institute of Technology",
        "Amara Okonkwo-Lindqvist",
        "HL-48213-77",
        "reliable-services",
        "Running a Reliable Service",
        "1.0",
        "1",
        "Say what reliable means",
        "technical",
        "Self-paced online with graded work",
        "2024-10-16",
        "America/New_York",
        "150",
        "2.5",
        "0.3",
        "ceu-nearest-2018",
        "demonstrated",
        "Evidence judged against a rubric",
        "https://learn.harbour.example/badges/0a009c1e7d",
        "active",
    ]


def test_csv_of_an_empty_record_has_headings_only() -> None:
    assert read_rows(transcript_csv(snapshot([]))) == []


@pytest.mark.parametrize("text", DANGEROUS)
def test_safe_cell_guards_what_could_be_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_safe_cell_leaves_other_text_alone(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet=st.sampled_from("'=-+@ \t\r\n\u200b＝aé"), max_size=8) | st.text(max_size=20))
def test_guarding_is_undone_exactly(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert safe_cell(text).lstrip()[:1] not in {"=", "+", "-", "@", "＝"}


@pytest.mark.parametrize("name", ["-Nguyen", "=cmd|' /C calc'!A0", "'-Nguyen", 'Ann "Ace" O\'Neil, PE', "@home"])
def test_names_survive_the_round_trip_and_are_guarded_in_the_file(name: str) -> None:
    taken = snapshot([line(module_title=name)], learner=Learner(legal_name=name, number="1"))
    data = transcript_csv(taken)
    row = read_rows(data)[0]
    assert (row["Learner"], row["Module title"]) == (name, name)
    raw = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]
    assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in raw)


def test_negative_figures_are_numbers_and_stay_bare() -> None:
    data = transcript_csv(snapshot([line(counted_minutes=-150, ceu_tenths=-3)]))
    row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert (row["Counted minutes"], row["Contact hours"], row["CEU"]) == ("-150", "-2.5", "-0.3")


def test_attendance_has_a_column_where_it_was_kept() -> None:
    rows = read_rows(transcript_csv(snapshot(lines=[line(attendance="Attended 1 of 2 live sessions"), line()])))
    assert [row["Attendance"] for row in rows] == ["Attended 1 of 2 live sessions", ""]
    assert "Attendance" not in read_rows(transcript_csv(snapshot(lines=[line()])))[0]
