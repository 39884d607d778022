"""What the form of a licence takes, and what it refuses in words."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.licences.forms import LicenceForm, read_licence
from fourweek.errors import Invalid

BOARD = LicenceForm(board="us-tx-pe", number=" 00 71482\u202e", ends_on="2026-12-31", zone="America/Chicago")
OWN = LicenceForm(
    board="own",
    title="Ontario",
    profession="Ingénieure",
    jurisdiction="CA-ON",
    number="-77",
    ends_on="2026-12-31",
    zone="UTC",
    hours="30",
    months="24",
    carry="4:30",
    category2="laws-rules:CA-ON",
    least2="1.5",
)


def test_a_shipped_board_says_profession_and_place_itself() -> None:
    facts = read_licence(replace(BOARD, profession="Wizard", hours="1"))
    assert (facts.profession, facts.jurisdiction, facts.number) == ("Professional engineer", "US-TX", "00 71482")
    assert (facts.ends_on, facts.starts_on, facts.said) == (date(2026, 12, 31), None, {})


def test_an_obligation_of_ones_own() -> None:
    said = read_licence(OWN).said
    assert said["minimums"] == [{"category": "laws-rules:CA-ON", "minutes": 90}]
    assert (said["minutes"], said["months"], said["carry"], said["live"]) == (1_800, 24, 270, 0)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(BOARD, board="us-xx"), "board"),
        (replace(BOARD, number=""), "number"),
        (replace(BOARD, number="7\U0001f984"), "number"),
        (replace(BOARD, ends_on="9999-12-31"), "ends_on"),
        (replace(BOARD, ends_on="31.12.2026"), "ends_on"),
        (replace(BOARD, starts_on="2027-01-01"), "starts_on"),
        (replace(BOARD, starts_on="0001-01-01"), "starts_on"),
        (replace(BOARD, zone="EST5"), "zone"),
        (replace(BOARD, carried="1.33"), "carried"),
        (replace(OWN, title=""), "title"),
        (replace(OWN, hours="0"), "hours"),
        (replace(OWN, months="121"), "months"),
        (replace(OWN, least2=""), "least2"),
        (replace(OWN, category2="", least2="2"), "category2"),
        (replace(OWN, category1="magic", least1="2"), "category1"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(form: LicenceForm, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_licence(form)
    assert set(wrong.value.fields) == {field}
