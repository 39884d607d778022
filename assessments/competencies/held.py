"""A table that was looked at and waits for a yes: a file in the spool, bound to who sent it, swept after a day."""

import re
from pathlib import Path

from assessments.competencies.table import SkillRow, read_skills
from fourweek.language import _
from fourweek.multipart import Arrived
from fourweek.spreadsheets import NotATable, decoded
from fourweek.storage import Store

NAME = re.compile(r"[0-9a-f]{32}")


def read_arrived(arrived: Arrived) -> tuple[SkillRow, ...]:
    """The skills in an uploaded file. Slow: in a thread. Raises NotATable."""
    return read_skills(decoded(arrived.spooled.read_bytes()))


def hold(store: Store, arrived: Arrived, person_id: str) -> str:
    """Keep an uploaded file for a day; returns the name by which the same person finds it again."""
    name = store.new_spool().name
    arrived.spooled.rename(_place(store, person_id, name))
    return name


def read_held(store: Store, person_id: str, name: str) -> tuple[SkillRow, ...]:
    """The skills in a file that this person holds. Slow: in a thread. Raises NotATable, also when it is gone."""
    try:
        if NAME.fullmatch(name):
            return read_skills(decoded(_place(store, person_id, name).read_bytes()))
    except FileNotFoundError:
        pass
    raise NotATable(_("The file you checked is not here any more. Choose it again."))


def let_go(store: Store, person_id: str, name: str) -> None:
    _place(store, person_id, name).unlink(missing_ok=True)


def _place(store: Store, person_id: str, name: str) -> Path:
    return store.new_spool().with_name(f"skills-{person_id}-{name}")
