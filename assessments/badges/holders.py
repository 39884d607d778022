"""The legal name of whoever earns badges: whoever makes an award and whoever corrects the name wait for each other."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from fourweek.accounts.access import PERSON

_PERSON: Select[Any] = select(PERSON.c.id, PERSON.c.legal_name, PERSON.c.display_name).where(
    PERSON.c.id == bindparam("person")
)
_READ = _PERSON.with_for_update(read=True)
_CHANGE = _PERSON.with_for_update(key_share=True)  # rows that point to the person may still be added meanwhile


def holder_name(conn: Connection, person_id: str) -> str:
    """The name that an award says, which nobody changes before this transaction ends."""
    name: str = conn.execute(_READ, {"person": person_id}).one().legal_name
    return name


def held_for_correction(conn: Connection, person_id: str) -> Row[Any]:
    """The person's names, for whoever corrects them: no award is made for the person before this transaction ends."""
    return conn.execute(_CHANGE, {"person": person_id}).one()
