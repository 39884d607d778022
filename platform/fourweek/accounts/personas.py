"""The people of a demonstration, as `demo.json` names them, so that a visitor can try each."""

import json
from pathlib import Path

from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    role: str
    address: str
    password: str
    look_at: str


def personas(home: Path) -> tuple[Persona, ...]:
    """The personas of this demonstration; none when there is no `demo.json`."""
    try:
        found = json.loads((home / "demo.json").read_text())["personas"]
    except FileNotFoundError:
        return ()
    names = ("name", "role", "address", "password", "look_at")
    return tuple(Persona(**{name: entry[name] for name in names}) for entry in found)
