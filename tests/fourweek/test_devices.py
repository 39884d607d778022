"""Browsers in words."""

import pytest

from fourweek.accounts.devices import say_device

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0", "Edge on Windows"),
        (f"{MOZILLA} (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604", "Safari on an iPhone"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7)", "A browser on a Mac"),
        ("curl/8.14.1", "curl"),
        ("", "An unknown browser"),
        ("\x1b[2J", "An unknown browser"),
    ],
)
def test_a_browser_is_said_in_words(said: str, words: str) -> None:
    assert say_device(said) == words
