"""The quick dataclass is the standard one, but for what it costs."""

import dataclasses
import pickle
from typing import Any

import pytest

from fourweek import light


@light.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0


def _both(**asked: Any) -> list[type[Any]]:
    """A class of every kind of field, made by us and by the standard library."""

    class Bare:
        name: str
        secret: str = dataclasses.field(default="", repr=False)
        seen: int = dataclasses.field(default=0, compare=False)
        marks: tuple[int, ...] = dataclasses.field(default=(), hash=False)

    Bare.__annotations__ = {"name": str, "secret": str, "seen": int, "marks": tuple}
    return [make.dataclass(**asked)(type("Kind", (), dict(vars(Bare)))) for make in (light, dataclasses)]


@pytest.mark.parametrize("asked", [{}, {"kw_only": True}])
def test_it_compares_hashes_and_shows_as_the_standard_one(asked: dict[str, bool]) -> None:
    ours, theirs = _both(frozen=True, slots=True, **asked)
    makes: list[dict[str, Any]] = [
        {"name": "a"},
        {"name": "a", "seen": 1},
        {"name": "a", "secret": "b"},
        {"name": "a", "marks": (1,)},
    ]
    for one in makes:
        assert repr(ours(**one)).split(".")[-1] == repr(theirs(**one)).split(".")[-1]
        assert hash(ours(**one)) == hash(theirs(**one))
        for other in makes:
            assert (ours(**one) == ours(**other)) == (theirs(**one) == theirs(**other))
    assert ours(name="a") != theirs(name="a")
    assert [field.name for field in dataclasses.fields(ours)] == [field.name for field in dataclasses.fields(theirs)]
    assert (ours.__slots__, ours.__match_args__) == (theirs.__slots__, theirs.__match_args__)


def test_of_one_field_and_of_none() -> None:
    @light.dataclass(frozen=True, slots=True)
    class One:
        nan: float

    @light.dataclass(frozen=True, slots=True)
    class Nothing: ...

    nan = float("nan")
    assert One(nan) == One(nan), "compared as a tuple, in which what is the same is equal"
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(())


def test_what_a_class_says_itself_stays() -> None:
    @light.dataclass(frozen=True, slots=True)
    class Odd:  # noqa: PLW1641 what it then hashes as is the matter
        x: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Odd)

        def __repr__(self) -> str:
            return "odd"

    assert Odd(1) == Odd(2)
    assert repr(Odd(1)) == "odd"
    assert hash(Odd(1)) == hash((1,))


def test_copies_and_pickles() -> None:
    assert dataclasses.replace(Point(1), y=2) == Point(1, 2)
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)  # noqa: S301 our own
    assert {Point(1), Point(1)} == {Point(1, 0)}


def test_with_more_asked_for_it_is_the_standard_one() -> None:
    @light.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        x: int

    assert Ordered(1) < Ordered(2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Ordered(1).x = 2  # type: ignore[misc]
