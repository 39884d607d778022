from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.badges.times import parse_instant, zulu


def test_zulu_is_utc_to_the_second() -> None:
    local = datetime(2026, 12, 7, 9, 30, 1, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert zulu(local) == "2026-12-07T08:30:01Z"


def test_zulu_refuses_a_time_without_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        zulu(datetime(2026, 12, 7))  # noqa: DTZ001 (that is what is refused)


@given(st.datetimes(timezones=st.just(UTC)))
def test_zulu_reads_back(instant: datetime) -> None:
    assert parse_instant(zulu(instant)) == instant.replace(microsecond=0)


@pytest.mark.parametrize("text", ["2026-12-07", "2026-12-07T08:30:01", "2026-13-07T08:30:01Z", "", None, 5, "now"])
def test_text_without_date_time_and_zone_is_no_instant(text: object) -> None:
    assert parse_instant(text) is None
