"""Sizes as people read them."""

import pytest

from fourweek.words import say_size

KB, MB, GB = 1024, 1024**2, 1024**3


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (KB, "1 KB"),
        (KB + 1, "2 KB"),
        (1023 * KB, "1023 KB"),
        (1023 * KB + 1, "1 MB"),
        (MB, "1 MB"),
        (MB + 1, "1.1 MB"),
        (3 * MB, "3 MB"),
        (GB - 1, "1 GB"),
        (GB + GB // 2, "1.5 GB"),
        (5000 * GB, "5000 GB"),
    ],
)
def test_size_is_said_in_its_largest_unit_rounded_up(size: int, words: str) -> None:
    assert say_size(size) == words
