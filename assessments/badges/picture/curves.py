"""Curves as points along them, close enough together that no corner is seen at 600 pixels."""

import math
from collections.abc import Iterable

Point = tuple[float, float]
Points = tuple[Point, ...]


def arc(x: float, y: float, radius: float, start: float, end: float, steps: int = 24) -> Points:
    """Points on a circle from `start` to `end`, degrees clockwise from the right."""
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return tuple((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles)


def bezier(start: Point, first: Point, second: Point, end: Point, steps: int = 20) -> Points:
    """Points on a cubic Bézier curve, both ends among them."""
    return tuple(_on_bezier((start, first, second, end), step / steps) for step in range(steps + 1))


def turned(points: Iterable[Point], degrees: float) -> Points:
    """The points turned clockwise around the origin."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return tuple((x * cos - y * sin, x * sin + y * cos) for x, y in points)


def mirrored(points: Iterable[Point]) -> Points:
    """The points left and right changed over."""
    return tuple((-x, y) for x, y in points)


def _on_bezier(corners: tuple[Point, Point, Point, Point], share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    return (
        sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)),
        sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)),
    )
