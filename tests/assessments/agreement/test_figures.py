"""The figures of agreement, against examples that were published with their results, and where there is too little."""

import math
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.agreement.figures import (
    ENOUGH,
    Figure,
    Pair,
    Unit,
    alpha_figure,
    kappa_figure,
    linear,
    ordinal_alpha,
    percent,
    quadratic,
    weighted_kappa,
)
from assessments.agreement.words import say

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units, a dot for
# what is missing; ordinal alpha 0.815 in section D.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# Cohen, Psychological Bulletin 70 (1968), table 1: two judges, 200 cases, weights of his own; kappa 0.492 and,
# weighted, 0.348.
COHEN = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
HIS_WEIGHTS = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
# Agresti, Categorical Data Analysis (1990), table 2.10, married couples of Hout et al. (1987): R's vcd says
# kappa 0.1293 and, with equal steps, 0.2374.
COUPLES = ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14))
# The data set "anxiety" of R's irr: twenty people, two raters; its manual's squared weights give 0.297.
ANXIETY = ("33345523522615221243", "36462424332333221334")


def table(rows: Sequence[Sequence[int]]) -> dict[Pair, int]:
    return {(i, j): n for i, row in enumerate(rows) for j, n in enumerate(row) if n}


def units_of(observers: Sequence[str]) -> Counter[Unit]:
    return Counter(tuple(int(value) for value in unit if value != ".") for unit in zip(*observers, strict=True))


def test_ordinal_alpha_of_krippendorffs_example() -> None:
    assert ordinal_alpha(units_of(OBSERVERS)) == pytest.approx(0.815, abs=0.0005)


def test_weighted_kappa_of_cohens_example() -> None:
    pairs = table(COHEN)
    assert weighted_kappa(pairs, lambda i, j: float(i != j)) == pytest.approx(0.492, abs=0.0005)
    assert weighted_kappa(pairs, lambda i, j: HIS_WEIGHTS[i][j]) == pytest.approx(0.348, abs=0.0005)


def test_linear_and_quadratic_kappa_of_published_tables() -> None:
    assert weighted_kappa(table(COUPLES), linear) == pytest.approx(0.2374, abs=0.0001)
    people = Counter((int(a), int(b)) for a, b in zip(*ANXIETY, strict=True))
    assert weighted_kappa(people, quadratic) == pytest.approx(0.297, abs=0.0005)


def test_percent_agreement_and_its_interval() -> None:
    found = percent({(0, 0): 30, (1, 1): 51, (0, 1): 12, (0, 2): 7})
    # Wilson's interval of 81 in 100, as worked out by R's prop.test without correction: 0.7222 to 0.8749.
    assert found.value == pytest.approx(0.81)
    assert found.low == pytest.approx(0.7222, abs=0.0005)
    assert found.high == pytest.approx(0.8749, abs=0.0005)
    assert percent({(0, 0): 30, (1, 1): 51, (0, 1): 12, (0, 2): 7}, within=1).value == pytest.approx(0.93)


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ({}, "Not enough: no work was rated by two graders yet"),
        ({(1,): 40}, "Not enough: no work was rated by two graders yet"),
        ({(1, 1): 4, (0, 1): 3}, "Not enough: 7 of 10 works were rated by two graders"),
        ({(1, 1): 40}, "Not enough: all ratings are at one level"),
    ],
)
def test_too_little_is_said_in_words(units: dict[Unit, int], words: str) -> None:
    figure, works = alpha_figure(units, "seed"), sum(n for unit, n in units.items() if len(unit) > 1)
    assert (figure, say("alpha", figure, works)) == (Figure(None), words)
    pairs = {(unit[0], unit[1]): n for unit, n in units.items() if len(unit) == 2}
    assert kappa_figure(pairs, linear, "seed") == Figure(None)


def test_no_pair_has_no_share() -> None:
    assert percent({}).value is None


def test_interval_is_the_same_each_time_and_narrows_with_more_works() -> None:
    few, many = ({pair: n * times for pair, n in table(COUPLES).items()} for times in (1, 100))
    narrow, wide = alpha_figure(many, "a"), alpha_figure(few, "a")
    assert alpha_figure(few, "a") == wide != alpha_figure(few, "b")
    assert _width(narrow) < _width(wide) / 5
    # An asymptotic interval of the same table with squared weights, after Fleiss, Cohen and Everitt (1969), is about
    # 0.33 ± 0.20: the drawn one must be of that size.
    drawn = kappa_figure(few, quadratic, "a")
    assert _width(drawn) == pytest.approx(0.40, abs=0.08)


levels = st.integers(0, 4)
many_units = st.lists(st.tuples(levels, levels), min_size=ENOUGH, max_size=60)


@settings(max_examples=15, deadline=None)
@given(many_units)
def test_figures_are_numbers_in_bounds_or_none(works: list[Pair]) -> None:
    pairs = Counter(works)
    for figure in (percent(pairs), kappa_figure(pairs, quadratic, "x"), alpha_figure(pairs, "x")):
        assert (figure.value is None) == (figure.low is None) == (figure.high is None)
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert math.isfinite(figure.value)
            assert figure.low <= figure.high
            assert figure.value <= 1
            assert figure.high <= 1 + 1e-9


@settings(max_examples=60)
@given(many_units)
def test_who_was_first_changes_nothing_of_alpha_and_perfect_agreement_is_one(works: list[Pair]) -> None:
    turned = Counter((second, first) for first, second in works)
    assert ordinal_alpha(Counter(works)) == pytest.approx(ordinal_alpha(turned))
    agreed = Counter((first, first) for first, _ in works)
    found = ordinal_alpha(agreed)
    assert found is None or found == pytest.approx(1.0)


def _width(figure: Figure) -> float:
    assert figure.low is not None
    assert figure.high is not None
    return figure.high - figure.low
