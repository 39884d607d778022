"""Names of packages, made harmless."""

import pytest

from courses.catalogue.drafts.names import clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("pump.zip", "pump.zip"),
        ("../../etc/pump.zip", "pump.zip"),
        ("C:\\fakepath\\pump.zip", "pump.zip"),
        ("pi\u202epz.exe", "pipz.exe"),
        ("a\x00b\n.zip", "ab.zip"),
        ("e\u0301.zip", "é.zip"),
        ("///", "package.zip"),
    ],
)
def test_name_is_made_harmless(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_long_name_keeps_its_ending() -> None:
    assert clean_name("x" * 300 + ".zip") == "x" * 196 + ".zip"
