"""What a visitor changed in the database, and whether it was theirs to change."""

from collections.abc import Mapping

from sqlalchemy import Connection, MetaData
from sqlmodel import SQLModel

Rows = Mapping[str, dict[tuple[object, ...], tuple[object, ...]]]
TOLD = {
    "outbox_message",
    "transcript_year",
    "notice",
    "audit_row",
    "attempt_count",
    "tries",
    "sign_in",
    "known_device",
    "sign_up",
    "webhook_message",
}
"""Tables whose rows of others follow from what one does: letters to them, counts of tries and of documents."""
JUDGED = {"rating", "decision", "decision_line", "posting", "credit_entry", "award", "credential_issue", "role_grant"}
"""Tables that no act of a learner writes to."""


def rows(conn: Connection) -> Rows:
    """Every row of every table, by its key."""
    tables: MetaData = SQLModel.metadata
    return {
        table.name: {
            tuple(row._mapping[key.name] for key in table.primary_key): tuple(map(_plain, row))
            for row in conn.execute(table.select())
        }
        for table in tables.sorted_tables
    }


def _plain(value: object) -> object:
    return str(value) if isinstance(value, dict | list) else value


def belongings(found: Rows, person: str) -> set[object]:
    """The ids of a person and of what refers to them, to what they have, and so on."""
    own: set[object] = {person}
    before = 0
    while before < len(own):
        before = len(own)
        own |= {key[0] for kept in found.values() for key, row in kept.items() if not own.isdisjoint(map(_hashed, row))}
    return own


def _hashed(value: object) -> object:
    return value if isinstance(value, str) else None


def not_theirs(before: Rows, after: Rows, person: str) -> list[str]:
    """What a learner changed that was not theirs, a sentence each."""
    own = belongings(before, person) | belongings(after, person)
    wrong = []
    for table, kept in after.items():
        changed = [key for key in {*before[table], *kept} if before[table].get(key) != kept.get(key)]
        if table in JUDGED:
            wrong += [f"{table} {key} was changed" for key in changed]
        elif table not in TOLD:
            wrong += [f"{table} {key} is not theirs" for key in changed if not _is_own(before, after, table, key, own)]
    return wrong


def _is_own(before: Rows, after: Rows, table: str, key: tuple[object, ...], own: set[object]) -> bool:
    row = after[table].get(key) or before[table].get(key) or ()
    return not own.isdisjoint({*map(_hashed, key), *map(_hashed, row)})
