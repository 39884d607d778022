"""What a notice in the copy says: what its reader was told of themself, and nothing that others wrote or are called."""

from collections.abc import Mapping
from typing import Any, Final

from fourweek.notices.kinds import KINDS

SOMEBODY: Final = "somebody else"
NAMES: Final = frozenset({"by", "proposed_by", "approved_by"})
"""Values of any notice that are the name of whoever did it."""
WRITTEN: Final = {"question_replied": frozenset({"title", "text"}), "question_asked": frozenset({"title"})}
"""Values of these kinds that somebody else typed."""
OF_STAFF: Final = frozenset(
    {"achievement", "attempt", "cohort", "count", "course", "more", "number", "part", "problem", "title", "url"}
)
"""All that is left of a notice to people with a role: the rest says whose work, wish or record it is about."""
_TO_STAFF: Final = frozenset(kind.key for kind in KINDS if kind.for_staff)


def about_its_reader(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a notice without those about others; who did something is somebody else."""
    kept = {name: value for name, value in data.items() if name not in WRITTEN.get(kind, ())}
    if kind in _TO_STAFF:
        return {name: value for name, value in kept.items() if name in OF_STAFF}
    return {name: SOMEBODY if name in NAMES else value for name, value in kept.items()}
