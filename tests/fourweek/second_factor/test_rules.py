"""What was typed is told apart, and codes fit for their minute alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fourweek.accounts.second import sealing
from fourweek.accounts.second.rules import HOW_MANY, from_app, new_recovery_codes, recovery_code
from fourweek.settings import Settings
from tests.fourweek.second_factor.phones import Phone

NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // sealing.STEP


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("12345", None),
        ("1234567", None),
        ("١٢٣٤٥٦", None),
        ("", None),
        ("k7f3-9xqm-2b4d-tn8s", None),
    ],
)
def test_six_digits_are_a_code_of_an_app(typed: str, code: str | None) -> None:
    assert from_app(typed) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("k7f3-9xqm-2b4d-tn8s", "k7f39xqm2b4dtn8s"),
        (" K7F3 9XQM 2B4D TN8S ", "k7f39xqm2b4dtn8s"),
        ("OIL0-0000-0000-0000", "0110000000000000"),
        ("k7f3-9xqm-2b4d", None),
        ("123456", None),
        ("u" * 16, None),
    ],
)
def test_a_recovery_code_is_read_as_people_write_it(typed: str, kept: str | None) -> None:
    assert recovery_code(typed) == kept


def test_recovery_codes_are_ten_that_can_be_read_back() -> None:
    codes = new_recovery_codes()
    assert len({recovery_code(one) for one in codes}) == HOW_MANY
    assert all(recovery_code(one) == one.replace("-", "") for one in codes)


def _step(settings: Settings, sealed: str, seconds: int, last: int = 0) -> int | None:
    """What becomes of the code that an app shows so many seconds from now."""
    code = Phone(sealing.shown(settings, sealed, "a@b.example").address).code(NOW + timedelta(seconds=seconds))
    return sealing.step_of(settings, sealed, code, NOW, last)


def test_a_code_fits_its_span_and_its_neighbours_and_nothing_older_than_the_last(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    sealed = sealing.new_secret(settings)
    steps = [_step(settings, sealed, seconds) for seconds in (-60, -30, 0, 30, 60)]
    assert steps == [None, STEP - 1, STEP, STEP + 1, None]
    assert _step(settings, sealed, 0, last=STEP) is None
    assert _step(settings, sealed, -30, last=STEP) is None
    assert _step(settings, sealed, 30, last=STEP) == STEP + 1


def test_a_secret_is_sealed_with_the_key_of_the_house(tmp_path: Path) -> None:
    settings, other = Settings(home=tmp_path / "one"), Settings(home=tmp_path / "two")
    sealed = sealing.new_secret(settings)
    plain = sealing.shown(settings, sealed, "a@b.example").secret
    assert plain.replace("-", "") not in sealed
    assert (settings.keys / sealing.FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(sealing.CannotRead):
        sealing.step_of(other, sealed, "123456", NOW, 0)


def test_the_picture_has_nothing_that_the_policy_refuses(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, institution="A: B & Sons")
    shown = sealing.shown(settings, sealing.new_secret(settings), "a@b.example")
    assert "style" not in shown.picture
    assert "script" not in shown.picture
    assert shown.address.startswith("otpauth://totp/A%20%20B%20%26%20Sons:a@b.example?secret=")
