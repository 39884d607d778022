"""The period of evidence, by the day, in any zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.evidence.models import SubmissionState
from assessments.retention.rules import Facts, Keeps, Period, keeps, kept_until

BERLIN, SAMOA, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")
IN = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
DECIDED = Facts(SubmissionState.DECIDED, IN, judged=True, held=False, coached=False, running=False)


def test_evidence_is_kept_through_its_last_day() -> None:
    assert kept_until(IN, 1095, UTC_ZONE) == date(2029, 11, 22)
    last = datetime(2029, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert keeps(DECIDED, last, 1095, UTC_ZONE) is Keeps.PERIOD
    assert keeps(DECIDED, last + timedelta(seconds=1), 1095, UTC_ZONE) is None


def test_the_day_is_the_cohorts() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert (kept_until(late, 30, UTC_ZONE), kept_until(late, 30, BERLIN)) == (date(2026, 12, 23), date(2026, 12, 24))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (replace(DECIDED, held=True), Keeps.HOLD),
        (replace(DECIDED, coached=True), Keeps.COACHING),
        (replace(DECIDED, appealed=True), Keeps.APPEAL),
        (replace(DECIDED, running=True), Keeps.RUNNING),
        (replace(DECIDED, judged=False), Keeps.WAITS),
        (replace(DECIDED, state=SubmissionState.SUBMITTED), Keeps.WAITS),
        (replace(DECIDED, state=SubmissionState.SUBMITTED, judged=False), Keeps.WAITS),
        (replace(DECIDED, state=SubmissionState.DRAFT, judged=False), None),
        (replace(DECIDED, state=SubmissionState.WITHDRAWN, judged=False), None),
        (replace(DECIDED, state=SubmissionState.DRAFT, running=True), Keeps.RUNNING),
        (replace(DECIDED, state=SubmissionState.WITHDRAWN, held=True), Keeps.HOLD),
    ],
)
def test_what_keeps_evidence_beyond_its_period(facts: Facts, why: Keeps | None) -> None:
    assert keeps(facts, IN + timedelta(days=2000), 1095, UTC_ZONE) is why
    assert keeps(facts, IN, 1095, UTC_ZONE) is Keeps.PERIOD


@given(
    last=st.timedeltas(timedelta(days=-6000), timedelta(days=1500)).map(lambda moved: IN + moved),
    days=st.integers(30, 4000),
    beyond=st.timedeltas(timedelta(0), timedelta(days=3)),
    where=st.sampled_from([BERLIN, SAMOA, UTC_ZONE, ZoneInfo("America/New_York")]),
)
def test_nothing_goes_before_its_day_and_the_scan_looks_early_enough(
    last: datetime, days: int, beyond: timedelta, where: ZoneInfo
) -> None:
    now = last + timedelta(days=days - 1) + beyond
    goes = keeps(replace(DECIDED, last=last), now, days, where) is None
    assert goes == (now.astimezone(where).date() > kept_until(last, days, where))
    assert not goes or last <= now - timedelta(days=days) + timedelta(days=1)


def test_the_words_say_the_day_and_what_stays() -> None:
    stays = "The receipt, what was decided and your record stay."
    young = Period(IN, IN, UTC_ZONE)
    old = replace(young, now=IN + timedelta(days=1200))
    assert young.words(1095) == f"Until 22 November 2029. {stays}"
    assert old.words(1095) == f"It was to be kept until 22 November 2029, and is still there. {stays}"
    assert replace(old, gone=True).words(1095) == (
        f"Its period ended with 22 November 2029; its content was removed. {stays}"
    )
    assert Period(None, IN, UTC_ZONE).words(1095) == (
        f"For 1,095 days after you hand it in; a draft, for 1,095 days after it was last saved. {stays}"
    )
