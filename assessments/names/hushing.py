"""Taking a suppressed name out of notices that were written while it held: others have them in their lists."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Text, cast, or_, select, update

from fourweek.accounts.access import PERSON
from fourweek.outbox import OUTBOX

SOMEBODY = "a learner"
SHORTEST = 3
"""A name of fewer letters stands in too many other words to be looked for."""


def hush_former(conn: Connection, person_id: str, former: Collection[str], name: str) -> int:
    """Take the `former` names of a person, who is called `name` by now, out of all notices; returns how many changed.

    What somebody else is called too is nobody's in particular then: a notice about them must not say `name`.
    """
    own = nobody_elses(conn, former, (person_id,))
    return hush_notices(conn, {one: name if one in own else SOMEBODY for one in former})


def hush_notices(conn: Connection, called: Mapping[str, str]) -> int:
    """Wherever the values of a notice say a name, say what it is `called` now; returns how many notices changed."""
    sought = {one: called[one] for one in sorted(called) if len(one) >= SHORTEST and one not in called.values()}
    if not sought:
        return 0
    kept = cast(OUTBOX.c.data, Text)
    says = or_(*(kept.contains(json.dumps(one)[1:-1], autoescape=True) for one in sought))
    rows = conn.execute(select(OUTBOX.c.id, OUTBOX.c.data).where(says)).all()
    for row in rows:
        conn.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(data=_without(row.data, sought)))
    return len(rows)


def nobody_elses(conn: Connection, called: Collection[str], people: Collection[str]) -> set[str]:
    """Those of the names that stand in the name of nobody but these `people`, so that they can be looked for."""
    return {one for one in called if not _shared(conn, one, people)}


def _shared(conn: Connection, called: str, people: Collection[str]) -> bool:
    says = [column.contains(called, autoescape=True) for column in (PERSON.c.legal_name, PERSON.c.display_name)]
    others = select(PERSON.c.id).where(PERSON.c.id.not_in(people), or_(*says)).limit(1)
    return conn.execute(others).first() is not None


def said_with(text: str, called: Mapping[str, str]) -> str:
    """`text` with what each name is `called` now; one that only begins or ends a longer word or name is none."""
    known = sorted({*called, *called.values()}, key=len, reverse=True)
    return re.sub("|".join(map(_whole, known)), lambda found: called.get(found[0], found[0]), text)


def _whole(name: str) -> str:
    """A pattern; letters without capitals are often written without spaces, so nothing is asked beside them."""
    before, after = (
        mark if letter.upper() != letter.lower() else ""
        for letter, mark in ((name[0], r"(?<!\w)"), (name[-1], r"(?!\w)"))
    )
    return f"{before}{re.escape(name)}{after}"


def _without(value: Any, called: Mapping[str, str]) -> Any:
    """The same values with the name of now in every text."""
    if isinstance(value, str):
        return said_with(value, called)
    if isinstance(value, dict):
        return {key: _without(one, called) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, called) for one in value]
    return value
