"""What the record adds to a check: it is asked about a badge of ours that its issuer did sign, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assessments.badges.checks import Outcome, Report, Step, Verdict, check_credential
from assessments.badges.standing import Standing, in_record
from tests.assessments.badges import factory

BADGE = factory.signed()
FILE = check_credential(BADGE.credential, issuers=BADGE.issuers, now=factory.WHILE_VALID)
AT = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
NEWEST = Standing(form=2, newest=2)
OLDER = Standing(form=1, newest=3, why=("The name was corrected.", "An appeal was upheld."))


def _details(report: Report) -> dict[Step, tuple[Outcome, str]]:
    return {check.step: (check.outcome, check.detail) for check in report.checks}


def test_the_newest_form_of_a_badge_that_stands_is_valid_in_every_step() -> None:
    report = in_record(FILE, NEWEST)
    assert report.verdict is Verdict.VALID
    assert {check.outcome for check in report.checks} == {Outcome.PASSED}
    assert [check.step for check in report.checks] == list(Step)


def test_an_older_form_is_superseded_and_says_why() -> None:
    report = in_record(FILE, OLDER)
    assert report.verdict is Verdict.SUPERSEDED
    assert _details(report)[Step.NEWEST] == (
        Outcome.FAILED,
        "It was stated anew since. The name was corrected. An appeal was upheld.",
    )
    assert _details(report)[Step.STATUS][0] is Outcome.PASSED


def test_a_revoked_badge_says_since_when_and_why() -> None:
    report = in_record(FILE, replace(OLDER, revoked_at=AT, revoked_why="The evidence was copied."))
    assert report.verdict is Verdict.REVOKED
    assert _details(report)[Step.STATUS] == (
        Outcome.FAILED,
        "It was revoked on Monday 1 February 2027, 09:30 UTC. Reason: The evidence was copied.",
    )


@pytest.mark.parametrize(
    ("standing", "verdict"),
    [
        (replace(NEWEST, withdrawn_at=AT, revoked_at=AT), Verdict.WITHDRAWN),
        (replace(NEWEST, revoked_at=AT), Verdict.REVOKED),
        (Standing(form=0, newest=2), Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
def test_what_weighs_most_is_said(standing: Standing | None, verdict: Verdict) -> None:
    assert in_record(FILE, standing).verdict is verdict


@pytest.mark.parametrize("verdict", [Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.REVOKED])
def test_the_record_does_not_make_good_what_the_file_says_against_itself(verdict: Verdict) -> None:
    assert in_record(replace(FILE, verdict=verdict), NEWEST).verdict is verdict
    assert in_record(replace(FILE, verdict=verdict), OLDER).verdict is Verdict.SUPERSEDED


@pytest.mark.parametrize("verdict", [Verdict.ALTERED, Verdict.NOT_A_BADGE, Verdict.ISSUER_UNKNOWN])
def test_the_record_says_nothing_of_what_we_did_not_sign(verdict: Verdict) -> None:
    report = replace(FILE, verdict=verdict)
    assert in_record(report, replace(NEWEST, revoked_at=AT)) is report
    foreign = replace(FILE, ours=False)
    assert in_record(foreign, replace(NEWEST, revoked_at=AT)) is foreign
