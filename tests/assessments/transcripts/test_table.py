"""CSV: no cell that a spreadsheet would run, and nothing lost on the way back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.transcripts.parts import Learner
from assessments.transcripts.table import COLUMNS, LATER, read_rows, transcript_csv
from fourweek.spreadsheets import plain_cell, safe_cell
from tests.assessments.transcripts.factory import full_snapshot, line, snapshot

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
    assert list(first) == [*COLUMNS, *LATER]
    assert list(first.values())[: len(COLUMNS)] == [
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


def test_what_came_later_stands_at_the_end() -> None:
    rows = read_rows(transcript_csv(full_snapshot()))
    amended = next(row for row in rows if row["Status"] == "amended")
    assert [amended[heading] for heading in LATER] == [
        "Attended 3 of 4 live sessions",
        "02",
        "laws-rules:US-FL 60; technical 90",
        "2.50 LU; 2.5 PDH",
        "lu-2018; pdh-half-hour-2018",
        "in_person",
        "12 Quay Street, room 4",
        "2026-10-05",
        "Rosa Fuentes, P.E.; Tom Okafor",
        "Choose what to measure",
        "Identity confirmed on 1 September 2026, identity document seen in person",
        "Example Board of Continuing Education EX-2210, course no. RS-77",
        "Amara Okonkwo",
        "",
        "",
        "",
    ]


def test_credit_from_elsewhere_stands_apart_and_adds_to_no_column_of_ours() -> None:
    data = transcript_csv(full_snapshot())
    stated = read_rows(data)[-1]
    assert {key: value for key, value in stated.items() if value and key not in COLUMNS[:7]} == {
        "Course": "=Bridge inspection",
        "Category": "ethics",
        "Completed on": "2025-03-01",
        "Status": "stated",
        "Mode": "live_online",
        "Instructors": "-Nguyen",
        "Provider": "State Extension, NY-33",
        "Stated minutes": "95",
        "Certificate says": "1.5 PDH",
    }
    assert b'"\'=Bridge inspection"' in data
    assert b'"\'-Nguyen"' in data


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


def test_attendance_has_a_column() -> None:
    rows = read_rows(transcript_csv(snapshot(lines=[line(attendance="Attended 1 of 2 live sessions"), line()])))
    assert [row["Attendance"] for row in rows] == ["Attended 1 of 2 live sessions", ""]
