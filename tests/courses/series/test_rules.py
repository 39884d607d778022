import pytest

from courses.series.rules import Move, reordered

ORDER = ("a", "b", "c")


@pytest.mark.parametrize(
    ("one", "move", "after"),
    [
        ("d", Move.ADD, ("a", "b", "c", "d")),
        ("b", Move.ADD, ORDER),
        ("a", Move.UP, ORDER),
        ("b", Move.UP, ("b", "a", "c")),
        ("b", Move.DOWN, ("a", "c", "b")),
        ("c", Move.DOWN, ORDER),
        ("a", Move.OUT, ("b", "c")),
        ("x", Move.OUT, ORDER),
        ("x", Move.UP, ORDER),
    ],
)
def test_a_move_changes_one_place(one: str, move: Move, after: tuple[str, ...]) -> None:
    assert reordered(ORDER, one, move) == after
