"""Zones by name, from the pinned database."""

import pickle
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.schedule.errors import UnknownZone
from courses.schedule.zones import database_version, suggest_zones, zone, zone_choices, zone_names


def test_every_name_loads_and_knows_its_name() -> None:
    assert [zone(name).key for name in sorted(zone_names())] == sorted(zone_names())


def test_names_hold_every_zone_but_the_one_that_means_none() -> None:
    assert len(zone_names()) >= 590
    assert {"UTC", "Etc/GMT+5", "Europe/Kiev", "Europe/Kyiv", "America/Argentina/ComodRivadavia"} <= zone_names()
    assert not {"Factory", "localtime", "posixrules", "zone.tab"} & zone_names()


def test_the_machine_path_has_no_say(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    assert zone("Europe/Berlin") is zone("Europe/Berlin")
    assert zone("Europe/Berlin") is not ZoneInfo("Europe/Berlin")
    with pytest.raises(pickle.PicklingError):  # it was read from the package's file, not found by name
        pickle.dumps(zone("Europe/Berlin"))


def test_choices_are_cities_with_utc_first() -> None:
    choices = zone_choices()
    assert choices[0] == "UTC"
    assert list(choices[1:]) == sorted(choices[1:])
    assert set(choices) <= zone_names()
    assert {"Europe/Berlin", "America/New_York", "Asia/Kolkata"} <= set(choices)


def test_database_version_is_the_installed_one() -> None:
    assert database_version() == version("tzdata")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("Europe/Berlim", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        (" new york ", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("America/Sao Paolo", "America/Sao_Paulo"),
    ],
)
def test_wrong_zone_suggests_a_close_one(typed: str, first: str) -> None:
    with pytest.raises(UnknownZone) as wrong:
        zone(typed)
    assert wrong.value.suggestions[0] == first
    assert wrong.value.status == 422


def test_wrong_zone_says_so_beside_the_field() -> None:
    with pytest.raises(UnknownZone) as wrong:
        zone("Europe/Berlim")
    assert wrong.value.fields["zone"].startswith(
        "“Europe/Berlim” is not a time zone name we know. Did you mean one of these: Europe/"
    )


@pytest.mark.parametrize(
    "typed", ["", "Factory", "../../etc/passwd", "/Europe/Berlin", "Mars/Olympus", "x" * 5000, "\0"]
)
def test_nonsense_is_refused(typed: str) -> None:
    with pytest.raises(UnknownZone) as wrong:
        zone(typed)
    assert len(wrong.value.fields["zone"]) < 250


@given(st.text(max_size=40))
def test_suggestions_are_at_most_three_real_names(typed: str) -> None:
    found = suggest_zones(typed)
    assert len(found) <= 3
    assert set(found) <= zone_names()
