"""The snapshot: frozen, canonical, exact, and refused when altered."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.transcripts.document import DocumentIdentity, TranscriptSnapshot
from assessments.transcripts.errors import AlteredSnapshot
from assessments.transcripts.parts import CategoryTotal, Learner, LineStatus, Subtotal
from assessments.transcripts.sums import in_print_order, totals_of
from tests.assessments.transcripts.factory import APPROVAL, CODE, ISSUER, NOW, course, line, snapshot


def test_snapshot_reads_back_to_the_same_value_and_bytes() -> None:
    taken = snapshot(issuer=replace(ISSUER, approvals=(APPROVAL,)))
    data = taken.to_json()
    assert TranscriptSnapshot.from_json(data) == taken
    assert TranscriptSnapshot.from_json(data).to_json() == data


def test_json_is_canonical_and_has_whole_numbers_beside_texts() -> None:
    data = snapshot([line()]).to_json()
    assert data == json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    tree = json.loads(data, parse_float=pytest.fail)
    assert tree["schema"] == "fourweek-transcript/2"
    assert tree["issued_at"] == "2026-11-22T23:30:15Z"
    assert (tree["issued_on"], tree["as_of"], tree["zone"]) == ("2026-11-22", "2026-11-22", "America/New_York")
    assert tree["lines"][0] == {
        "assessment_method": "Evidence judged against a rubric",
        "award_url": None,
        "category": "technical",
        "ceu": "0.3",
        "ceu_tenths": 3,
        "completed_on": "2026-10-09",
        "contact_hours": "2.5",
        "counted_minutes": 150,
        "course_code": "reliable-services",
        "course_title": "Running a Reliable Service",
        "course_version": "1.0",
        "delivery": "Self-paced online with graded work",
        "module_number": 1,
        "module_title": "Say what reliable means",
        "outcome": "demonstrated",
        "rule_id": "ceu-nearest-2018",
        "status": "active",
        "zone": "America/New_York",
    }


def test_issued_on_is_the_day_in_the_institutions_zone() -> None:
    auckland = snapshot(zone=ZoneInfo("Pacific/Auckland"))
    assert (auckland.issued_on, auckland.issued_at) == (date(2026, 11, 23), NOW.replace(microsecond=0))


def test_totals_are_sums_of_the_frozen_integers() -> None:
    totals = totals_of([*course(0), line(completed_on=date(2025, 1, 2), counted_minutes=155, ceu_tenths=3)])
    assert (totals.modules, totals.counted_minutes, totals.contact_hours) == (5, 755, "12:35")
    assert (totals.ceu_tenths, totals.ceu) == (13, "1.3")
    assert totals.by_category == (
        CategoryTotal(label="ethics", modules=1, counted_minutes=145, contact_hours="2:25"),
        CategoryTotal(label="technical", modules=4, counted_minutes=610, contact_hours="10:10"),
    )
    assert totals.by_year[1] == Subtotal(
        label="2025", modules=1, counted_minutes=155, contact_hours="2:35", ceu_tenths=3, ceu="0.3"
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 33), st.sampled_from(["technical", "ethics", "x"])), max_size=20
    )
)
def test_categories_and_years_partition_the_total(rows: list[tuple[int, int, str]]) -> None:
    totals = totals_of(
        line(counted_minutes=minutes, ceu_tenths=tenths, category=category, completed_on=date(2020 + tenths % 3, 1, 1))
        for minutes, tenths, category in rows
    )
    for parts in (totals.by_category, totals.by_year):
        assert sum(part.modules for part in parts) == totals.modules == len(rows)
        assert sum(part.counted_minutes for part in parts) == totals.counted_minutes
    assert sum(part.ceu_tenths for part in totals.by_year) == totals.ceu_tenths


def test_lines_without_credit_are_shown_but_not_counted() -> None:
    repeat = line(status=LineStatus.REPEAT, ceu_tenths=0, module_number=2)
    taken = snapshot([line(), repeat])
    assert len(taken.lines) == 2
    assert (taken.totals.modules, taken.totals.counted_minutes) == (1, 150)
    with pytest.raises(ValueError, match="carries no credit"):
        line(status=LineStatus.REVOKED, ceu_tenths=3)


def test_print_order_puts_the_newest_course_last_and_keeps_courses_together() -> None:
    late_start = line(course_code="b", completed_on=date(2020, 1, 1), module_number=1)
    late_end = line(course_code="b", completed_on=date(2026, 1, 1), module_number=2)
    between = line(course_code="a", completed_on=date(2023, 1, 1))
    assert in_print_order([late_end, between, late_start]) == (between, late_start, late_end)


def test_snapshot_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        snapshot().learner.legal_name = "X"  # type: ignore[misc]


def test_hidden_and_reordering_characters_never_enter() -> None:
    taken = snapshot(learner=Learner(legal_name="Ann\u202e\x07 \u2066Lee", number="1\u200b2"))
    assert taken.learner == Learner(legal_name="Ann Lee", number="12")
    assert replace(ISSUER, address=("a\u202eb",)).address == ("ab",)


def altered(old: bytes, new: bytes) -> bytes:
    data = snapshot().to_json()
    assert data.count(old) >= 1
    return data.replace(old, new, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        altered(b'"ceu_tenths":3', b'"ceu_tenths":4'),
        altered(b'"ceu_tenths":3', b'"ceu_tenths":3.0'),
        altered(b'"ceu_tenths":3', b'"ceu_tenths":true'),
        altered(b'"counted_minutes":150', b'"counted_minutes":"150"'),
        altered(b'"modules":1', b'"modules":2'),
        altered(b"fourweek-transcript/2", b"fourweek-transcript/3"),
        altered(b'"status":"active"', b'"status":"fine"'),
        altered(b'"schema":', b'"extra":1,"schema":'),
        altered(b'"replaces":null,', b""),
        altered(b'":', b'": '),
        altered(b"Amara", "Ama\u202era".encode()),
        altered(b"2026-11-22T23:30:15Z", b"2026-11-22T23:30:15+00:00"),
        snapshot().to_json() + b"\n",
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(AlteredSnapshot):
        TranscriptSnapshot.from_json(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "7K3M-9QX2-TB8W-4HZA"), ("code", "short"), ("number", "T 2026"), ("number", "../x"), ("number", "")],
)
def test_document_identity_is_safe_in_addresses_and_file_names(field: str, value: str) -> None:
    fields = {"number": "T-1", "code": CODE, "verify_host": "h", "verify_url": "https://h"} | {field: value}
    with pytest.raises(ValueError, match=r"code|number"):
        DocumentIdentity(**fields)


def test_file_stem_names_the_document_and_not_the_person() -> None:
    assert snapshot().file_stem == "transcript-T-2026-000123"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        snapshot(now=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        replace(snapshot(), issued_at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert replace(snapshot(), issued_at=datetime(2026, 1, 1, tzinfo=UTC)).issued_at.year == 2026


def test_attendance_came_later_and_leaves_older_documents_equal_to_the_byte() -> None:
    old = snapshot(lines=[line()]).to_json()
    assert b"attendance" not in old
    assert TranscriptSnapshot.from_json(old).to_json() == old
    new = snapshot(lines=[line(attendance="Attended 3 of 4 live sessions")]).to_json()
    assert TranscriptSnapshot.from_json(new).lines[0].attendance == "Attended 3 of 4 live sessions"
    assert new.replace(b'"attendance":"Attended 3 of 4 live sessions",', b"") == old
    empty = new.replace(b"Attended 3 of 4 live sessions", b"")
    with pytest.raises(AlteredSnapshot):
        TranscriptSnapshot.from_json(empty)
