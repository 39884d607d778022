"""Time zones by name, from the `tzdata` package that the lock file pins and never from the machine's own files.

Two installs with the same lock file thus open a module at the same instant, whatever the operating system ships.
`ZoneInfo.from_file` is used because `ZoneInfo(name)` looks into the machine's folders first, and changing its search
path would do so for the whole process, too late for whoever asked before us.
"""

from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.metadata import version
from zoneinfo import ZoneInfo

from courses.schedule.errors import UnknownZone
from fourweek.zone_names import zone_names

__all__ = ["database_version", "suggest_zones", "zone", "zone_choices", "zone_names"]

SPOKEN = {
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "MDT": "America/Denver",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "EDT": "America/New_York",
    "BST": "Europe/London",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Athens",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "Z": "UTC",
}
"""What people say for a zone, though it names none: only ever suggested, since most of them mean several."""


@cache
def zone_choices() -> tuple[str, ...]:
    """The names to offer in a form, in order: one a city of the database's own table of countries, and UTC first."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return ("UTC", *sorted(row[2] for row in rows))


def zone(name: str) -> ZoneInfo:
    """The zone called `name`; raises UnknownZone, with close names, for anything else."""
    if name not in zone_names():
        raise UnknownZone(name, suggest_zones(name))
    return _load(name)


@cache
def _load(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def suggest_zones(name: str) -> tuple[str, ...]:
    """At most three names close to what was typed: by case, by city alone, by what people say, or by spelling."""
    typed = name.strip().replace(" ", "_").casefold()[:80]
    if spoken := SPOKEN.get(typed.upper()):
        return (spoken,)
    folded = _by_folded_name()
    if exact := folded.get(typed):
        return exact[:3]
    close = get_close_matches(typed, folded, n=3, cutoff=0.72)
    found = dict.fromkeys(full for key in close for full in folded[key])
    return tuple(found)[:3]


@cache
def _by_folded_name() -> dict[str, tuple[str, ...]]:
    """Full names and bare cities, in small letters, each with the names it can stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for full in (*zone_choices(), *sorted(zone_names() - set(zone_choices()))):
        for key in dict.fromkeys((full.casefold(), full.rsplit("/", 1)[-1].casefold())):
            found[key] = (*found.get(key, ()), full)
    return found


def database_version() -> str:
    """The release of the zone database in use, such as "2026.6"."""
    return version("tzdata")
