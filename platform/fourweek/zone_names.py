"""Which time zones there are: by name, from the `tzdata` package that the lock file pins."""

from functools import cache
from importlib import resources
from typing import Final

NOT_A_PLACE: Final = frozenset({"Factory"})
"""Names of the database that mean "nobody has set a zone"."""


@cache
def zone_names() -> frozenset[str]:
    """Every name that a zone may have here, old spellings included."""
    lines = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(lines) - NOT_A_PLACE
