"""Approvals are claimed for the courses and days they were granted for, and none that is not configured."""

from datetime import date

import pytest

from assessments.transcripts.approvals import claimed, with_approvals
from assessments.transcripts.parts import LineStatus
from assessments.transcripts.pieces import LineApproval
from fourweek.settings import ApprovalSetting
from tests.assessments.transcripts.factory import line

DAY = date(2026, 10, 9)


def row(**changes: object) -> ApprovalSetting:
    return ApprovalSetting.model_validate(
        {"body": "Example Board", "number": "EX-1", "statement": "Approved."} | changes
    )


def claims(setting: ApprovalSetting, **changes: object) -> bool:
    (shown,) = with_approvals([line(completed_on=DAY, **changes)], [setting])
    assert bool(shown.approvals) == bool(claimed([shown], [setting]))
    return bool(shown.approvals)


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (date(2026, 10, 10), None, False),
        (None, date(2026, 10, 8), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_it_held_on_the_day_of_completion(first: date | None, last: date | None, *, held: bool) -> None:
    assert claims(row(valid_from=first, valid_to=last)) is held


def test_it_may_be_limited_to_courses_and_carry_their_numbers() -> None:
    limited = row(courses={"reliable-services": "RS-77"})
    (shown,) = with_approvals([line()], [limited])
    assert shown.approvals == (LineApproval(body="Example Board", number="EX-1", course_number="RS-77"),)
    assert not claims(limited, course_code="other")


@pytest.mark.parametrize("status", [LineStatus.REVOKED, LineStatus.REPEAT])
def test_a_line_without_credit_claims_none(status: LineStatus) -> None:
    assert not claims(row(), status=status, ceu_tenths=0)


def test_the_issuer_claims_what_some_line_claims() -> None:
    rows = [row(), row(number="EX-2", valid_from=date(2030, 1, 1)), row(number="EX-3", courses={"other": ""})]
    assert [one.number for one in claimed([line()], rows)] == ["EX-1"]
    assert claimed([line()], []) == ()
