"""Attendance as a line keeps it, in English, said to whoever reads the page. Documents keep the English."""

import re
from typing import Final

from fourweek.language import n_

_KEPT: Final = re.compile(r"Attended (\d+) of (\d+) live sessions?(?:, made up (\d+))?")


def say_attended(kept: str) -> str:
    """Such as "Attended 3 of 4 live sessions, made up 1"; what is worded otherwise as it stands."""
    found = _KEPT.fullmatch(kept)
    if found is None:
        return kept
    attended, sessions, made_up = found.groups()
    if made_up is None:
        return n_(
            "Attended {attended} of {count} live session",
            "Attended {attended} of {count} live sessions",
            int(sessions),
            attended=attended,
        )
    return n_(
        "Attended {attended} of {count} live session, made up {made_up}",
        "Attended {attended} of {count} live sessions, made up {made_up}",
        int(sessions),
        attended=attended,
        made_up=made_up,
    )
