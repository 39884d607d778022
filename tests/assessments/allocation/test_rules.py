"""Sharing work out: in turn, by load, never to somebody who is barred."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as some

from assessments.allocation.order import PRIME, place_of, shuffle_of
from assessments.allocation.rules import Work, share_out
from assessments.evidence.models import LARGEST_LOT
from assessments.terms.models import Allocation

PEOPLE = ("ada", "bo", "cy", "di")
WORKS = some.lists(
    some.tuples(some.frozensets(some.sampled_from(PEOPLE)), some.frozensets(some.sampled_from(PEOPLE), max_size=2)),
    max_size=30,
).map(lambda found: [Work(str(n), tuple(sorted(pool)), barred) for n, (pool, barred) in enumerate(found)])
LOADS = some.dictionaries(some.sampled_from(PEOPLE), some.integers(0, 9))
WAYS = some.sampled_from([Allocation.IN_TURN, Allocation.BY_LOAD])


@settings(max_examples=100)
@given(WAYS, WORKS, LOADS, some.integers(0, 10**6))
def test_everything_is_given_to_somebody_who_may_have_it(
    way: Allocation, works: list[Work], loads: dict[str, int], turn: int
) -> None:
    found, then = share_out(way, works, loads, turn)
    assert set(found) == {work.id for work in works if work.eligible}
    assert all(found[work.id] in work.eligible for work in works if work.id in found)
    assert then == turn + len(found)


@settings(max_examples=100)
@given(some.integers(0, 40), some.integers(0, 100))
def test_in_turn_nobody_gets_two_more_than_somebody_else(number: int, turn: int) -> None:
    works = [Work(str(n), PEOPLE) for n in range(number)]
    count = Counter(share_out(Allocation.IN_TURN, works, {"ada": 50}, turn)[0].values())
    assert max(count.values(), default=0) - min((count[one] for one in PEOPLE), default=0) <= 1


@settings(max_examples=100)
@given(some.integers(0, 40), LOADS, some.integers(0, 100))
def test_by_load_whoever_got_something_had_least(number: int, loads: dict[str, int], turn: int) -> None:
    found, _ = share_out(Allocation.BY_LOAD, [Work(str(n), PEOPLE) for n in range(number)], loads, turn)
    has = Counter(loads) + Counter(found.values())
    for one in set(found.values()):
        assert has[one] <= min(has[other] for other in PEOPLE) + 1


def test_open_gives_nothing() -> None:
    assert share_out(Allocation.OPEN, [Work("1", PEOPLE)], {}, 3) == ({}, 3)


@settings(max_examples=100)
@given(some.text(max_size=26), some.sets(some.integers(1, LARGEST_LOT), max_size=50))
def test_a_shuffle_moves_every_lot_to_a_place_of_its_own(person: str, lots: set[int]) -> None:
    shuffle = shuffle_of(person)
    assert 1 <= shuffle < PRIME
    assert len({place_of(lot, shuffle) for lot in lots}) == len(lots)
