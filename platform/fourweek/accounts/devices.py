"""What a browser calls itself, in words: pure."""

from typing import Final

from fourweek.language import N_, _

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", N_("an iPhone")),
    ("iPad", N_("an iPad")),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", N_("a Mac")),
    ("Linux", "Linux"),
)
_LONGEST: Final = 40


def say_device(user_agent: str) -> str:
    """`Firefox on Windows`; the first word of what it calls itself where it is none we know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((_(name) for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser or system:
        return _("{browser} on {system}", browser=browser or _("A browser"), system=system) if system else browser
    first = user_agent.split("/", 1)[0].split(" ", 1)[0]
    return first[:_LONGEST] if first.isprintable() and first else _("An unknown browser")
