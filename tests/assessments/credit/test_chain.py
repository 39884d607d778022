"""The chain: the same fields give the same hash for ever, and any change is found."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.credit.amounts import Amount, Part
from assessments.credit.chain import (
    GENESIS,
    BrokenLink,
    ChainedEntry,
    EntryFields,
    EntryKind,
    canonical_bytes,
    entry_hash,
    first_broken_link,
)

FIRST = EntryFields(
    entry_id="01",
    ledger_id="ledger-a",
    sequence=1,
    kind=EntryKind.EARNED,
    reverses=None,
    reason_code=None,
    enrolment_id="enrolment-a",
    course_code="reliable-services",
    course_version="1.0",
    module_number=1,
    category="technical",
    credit_type="CEU",
    rule_id="ceu-nearest-2018",
    minutes_before=0,
    counted_minutes=150,
    tenths=3,
    completed_at=datetime(2026, 11, 20, 18, 30, tzinfo=UTC),
    completed_on=date(2026, 11, 20),
    zone="Europe/Berlin",
    recorded_at=datetime(2026, 11, 20, 18, 31, 2, 5, tzinfo=UTC),
    format=1,
)
SECOND = replace(
    FIRST,
    format=2,
    amounts=(Amount("PDH", "pdh-half-hour-2018", 5),),
    parts=(Part("ethics", 30), Part("technical", 120)),
    group_key="reliable-services/1",
    repeat_of="00",
    cause="proposal-a",
)


def chain(length: int) -> list[ChainedEntry]:
    entries: list[ChainedEntry] = []
    previous = GENESIS
    for number in range(1, length + 1):
        entry = replace(SECOND, entry_id=f"{number:02d}", sequence=number, module_number=number)
        entries.append(ChainedEntry(entry, previous, entry_hash(previous, entry)))
        previous = entries[-1].entry_hash
    return entries


def test_entry_hash_is_the_same_for_ever() -> None:
    assert canonical_bytes(GENESIS, FIRST) == (
        b'{"entry":{"category":"technical","completed_at":"2026-11-20T18:30:00.000000Z","completed_on":"2026-11-20",'
        b'"counted_minutes":150,"course_code":"reliable-services","course_version":"1.0","credit_type":"CEU",'
        b'"enrolment_id":"enrolment-a","entry_id":"01","kind":"earned","ledger_id":"ledger-a","minutes_before":0,'
        b'"module_number":1,"reason_code":null,"recorded_at":"2026-11-20T18:31:02.000005Z","reverses":null,'
        b'"rule_id":"ceu-nearest-2018","sequence":1,"tenths":3,"zone":"Europe/Berlin"},"format":1,"previous":"'
        + GENESIS.encode()
        + b'"}'
    )
    assert entry_hash(GENESIS, FIRST) == "4c2645eef80b6e615e5291bbd9827cf47ac83c0fe21b66b9b6d9f48312723625"


def test_an_entry_of_format_2_covers_amounts_parts_and_what_is_behind_it() -> None:
    assert canonical_bytes(GENESIS, SECOND) == (
        b'{"entry":{"amounts":[{"rule":"pdh-half-hour-2018","steps":5,"type":"PDH"}],"category":"technical",'
        b'"cause":"proposal-a","completed_at":"2026-11-20T18:30:00.000000Z","completed_on":"2026-11-20",'
        b'"counted_minutes":150,"course_code":"reliable-services","course_version":"1.0","credit_type":"CEU",'
        b'"enrolment_id":"enrolment-a","entry_id":"01","group_key":"reliable-services/1","kind":"earned",'
        b'"ledger_id":"ledger-a","minutes_before":0,"module_number":1,'
        b'"parts":[{"category":"ethics","minutes":30},{"category":"technical","minutes":120}],"reason_code":null,'
        b'"recorded_at":"2026-11-20T18:31:02.000005Z","repeat_of":"00","reverses":null,'
        b'"rule_id":"ceu-nearest-2018","sequence":1,"tenths":3,"zone":"Europe/Berlin"},"format":2,"previous":"'
        + GENESIS.encode()
        + b'"}'
    )


@pytest.mark.parametrize("name", ["amounts", "parts", "group_key", "repeat_of", "cause"])
def test_nothing_hides_in_an_entry_whose_format_does_not_hash_it(name: str) -> None:
    values = {field.name: getattr(FIRST, field.name) for field in fields(EntryFields)}
    smuggled = EntryFields(**values | {name: getattr(SECOND, name)})
    with pytest.raises(ValueError, match="format"):
        entry_hash(GENESIS, smuggled)
    broken = first_broken_link([ChainedEntry(smuggled, GENESIS, entry_hash(GENESIS, FIRST))])
    assert broken == BrokenLink(1, "01", "Its content does not match its hash.")


def test_chains_go_on_from_format_1_to_2() -> None:
    first = ChainedEntry(FIRST, GENESIS, entry_hash(GENESIS, FIRST))
    second = replace(SECOND, entry_id="02", sequence=2)
    whole = [first, ChainedEntry(second, first.entry_hash, entry_hash(first.entry_hash, second))]
    assert first_broken_link(whole) is None


def test_entry_hash_does_not_depend_on_the_zone_an_instant_is_written_in() -> None:
    berlin = timezone(timedelta(hours=1))
    moved = replace(FIRST, completed_at=FIRST.completed_at.astimezone(berlin))
    assert entry_hash(GENESIS, moved) == entry_hash(GENESIS, FIRST)


@pytest.mark.parametrize("previous", ["", "0" * 63, "A" * 64, "g" * 64])
def test_entry_hash_refuses_what_is_no_hash(previous: str) -> None:
    with pytest.raises(ValueError, match="64"):
        entry_hash(previous, FIRST)


def test_entry_hash_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        entry_hash(GENESIS, replace(FIRST, recorded_at=datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize("tenths", [True, 0.3])
def test_entry_hash_takes_no_truth_values_and_no_inexact_numbers(tenths: int) -> None:
    with pytest.raises(TypeError):
        entry_hash(GENESIS, replace(FIRST, tenths=tenths))
    with pytest.raises(TypeError):
        entry_hash(GENESIS, replace(SECOND, amounts=(Amount("PDH", "pdh-half-hour-2018", tenths),)))


def changed(value: object) -> object:
    match value:
        case EntryKind():
            return EntryKind.REVERSAL
        case str():
            return value + "x"
        case datetime() | date():
            return value + timedelta(days=1)
        case int():
            return value + 1
        case tuple():
            return value[1:]
    return "x"


@pytest.mark.parametrize("name", [field.name for field in fields(EntryFields)])
def test_a_change_of_any_field_breaks_the_chain_there(name: str) -> None:
    entries = chain(4)
    third = entries[2]
    altered = EntryFields(
        **{field.name: getattr(third.fields, field.name) for field in fields(EntryFields)}
        | {name: changed(getattr(third.fields, name))}
    )
    entries[2] = replace(third, fields=altered)
    broken = first_broken_link(entries)
    assert broken is not None
    assert (broken.position, broken.entry_id) == (3, altered.entry_id)


def test_whole_chains_have_no_broken_link() -> None:
    assert [first_broken_link(chain(length)) for length in range(6)] == [None] * 6


def test_first_broken_link_names_the_first_and_the_reason() -> None:
    whole = chain(4)
    assert first_broken_link(whole[:1] + whole[2:]) == BrokenLink(2, "03", "Its number is 3 where 2 was expected.")
    assert first_broken_link(whole[1:]) == BrokenLink(1, "02", "Its number is 2 where 1 was expected.")
    stranger = replace(whole[1], fields=replace(whole[1].fields, ledger_id="ledger-b"))
    assert first_broken_link([whole[0], stranger]) == BrokenLink(2, "02", "It belongs to another ledger.")
    resealed = replace(whole[1], prev_hash=GENESIS, entry_hash=entry_hash(GENESIS, whole[1].fields))
    assert first_broken_link([whole[0], resealed]) == BrokenLink(2, "02", "It does not follow the entry before it.")
    lied = replace(whole[1], entry_hash="0" * 64)
    assert first_broken_link([whole[0], lied]) == BrokenLink(2, "02", "Its content does not match its hash.")


@given(st.permutations(range(5)))
def test_any_other_order_is_found(order: Sequence[int]) -> None:
    entries = chain(5)
    broken = first_broken_link([entries[i] for i in order])
    assert (broken is None) == (list(order) == [0, 1, 2, 3, 4])
