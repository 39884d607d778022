"""Rules as dated data: what ships, and what a broken file says."""

from datetime import date
from fractions import Fraction

import pytest

from assessments.credit.rulebook import CEU_NEAREST, UnknownRule, all_rules, load_rule, parse_rule
from assessments.credit.rules import Mode, Rule

GOOD = """
id = "x"
credit_type = "CEU"
title = "t"
source = "s"
effective_from = 2018-01-01
minutes_per_unit = 600
step = "1/10"
mode = "nearest"
minimum_minutes = 30
"""


def test_shipped_ceu_rule_is_frozen() -> None:
    """A change here changes what old transcripts claim: ship a new file instead."""
    assert load_rule(CEU_NEAREST) == Rule(
        id="ceu-nearest-2018",
        credit_type="CEU",
        title="Continuing education unit, nearest tenth",
        source="ANSI/IACET 1-2018: one unit is ten contact hours of 60 minutes, in tenths; 30 minutes is the least.",
        effective_from=date(2018, 1, 1),
        minutes_per_unit=600,
        step=Fraction(1, 10),
        mode=Mode.NEAREST,
        minimum_minutes=30,
    )


def test_all_rules_are_named_after_their_files() -> None:
    assert list(all_rules()) == [rule.id for rule in all_rules().values()]


def test_load_rule_unknown_id() -> None:
    with pytest.raises(UnknownRule, match="ceu-2099"):
        load_rule("ceu-2099")


def test_rule_is_in_force_from_its_first_day_to_the_day_before_its_last() -> None:
    rule = parse_rule(GOOD + "effective_until = 2020-01-01\n")
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert [rule.in_force(day) for day in days] == [False, True, True, False]
    assert parse_rule(GOOD).in_force(date(2100, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "x"', "", "`id`"),
        ("minutes_per_unit = 600", "minutes_per_unit = 600.0", "`minutes_per_unit`"),
        ("minutes_per_unit = 600", "minutes_per_unit = 0", "more than nothing"),
        ('step = "1/10"', 'step = "0"', "more than nothing"),
        ('step = "1/10"', "step = 0.1", "`step`"),
        ('mode = "nearest"', 'mode = "up"', "up"),
        ("minimum_minutes = 30", "minimum_minutes = 30\nminimum = 3", "unknown minimum"),
        ("minimum_minutes = 30", "minimum_minutes = 30\neffective_until = 2018-01-01", "ends before"),
        ("effective_from = 2018-01-01", "effective_from = 2018-01-01T00:00:00", "`effective_from`"),
        ("minimum_minutes = 30", 'minimum_minutes = 30\ncategory = "ethics"', "said together"),
        ("minimum_minutes = 30", 'minimum_minutes = 30\ncategory = "ethics"\nshare = "5/4"', "said together"),
    ],
)
def test_parse_rule_says_what_is_wrong(old: str, new: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_rule(GOOD.replace(old, new))
