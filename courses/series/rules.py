"""The order of a series' courses. Pure."""

from enum import StrEnum


class Move(StrEnum):
    ADD = "add"
    UP = "up"
    DOWN = "down"
    OUT = "out"


def reordered(order: tuple[str, ...], one: str, move: Move) -> tuple[str, ...]:
    """The order after a move; one that changes nothing, such as the first up, leaves it as it is."""
    if move is Move.ADD:
        return order if one in order else (*order, one)
    if one not in order:
        return order
    rest = tuple(other for other in order if other != one)
    if move is Move.OUT:
        return rest
    place = order.index(one) + (-1 if move is Move.UP else 1)
    return (*rest[: max(place, 0)], one, *rest[max(place, 0) :])
