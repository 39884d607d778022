"""What is kept has one form, whoever is spoken to: a school filled in while another language is spoken is English.

Words of notices are kept in every language, and read in the reader's.
"""

import json
from typing import Any

from sqlalchemy import Connection, inspect, text

from fourweek.language import LANGUAGES
from tests.fourweek.cli.schools import School
from tests.language.pseudo import OPEN


def test_nothing_is_kept_in_the_language_of_whoever_did_it(school: School) -> None:
    assert school.db.read_now(_said) == []


def test_words_of_notices_are_kept_for_every_reader(school: School) -> None:
    kept = school.db.read_now(lambda conn: conn.execute(text("SELECT data FROM outbox_message")).scalars().all())
    assert any(OPEN in json.dumps(_data(one), ensure_ascii=False) for one in kept)


def _said(conn: Connection) -> list[tuple[str, str, str]]:
    """(table, column, text) of what was kept as it was said; of notices only what every reader would get."""
    found = []
    for table in inspect(conn).get_table_names():
        for row in conn.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 our own tables
            for column, value in row.items():
                shown = _everybodys(_data(value)) if (table, column) == ("outbox_message", "data") else value
                words = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False, default=str)
                if OPEN in words.replace("\\u27e6", OPEN):
                    found.append((table, str(column), words[:200]))
    return found


def _data(kept: Any) -> Any:
    return json.loads(kept) if isinstance(kept, str) else kept


def _everybodys(kept: Any) -> Any:
    """Kept words without what is said in one language alone."""
    if isinstance(kept, dict):
        return kept["en"] if kept.keys() == LANGUAGES.keys() else {key: _everybodys(one) for key, one in kept.items()}
    return [_everybodys(one) for one in kept] if isinstance(kept, list) else kept
