"""The catalogues as files: Babel writes them from what is said; nothing in them is done by hand but the words."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from fourweek.language import CATALOGUES, ENGLISH, LANGUAGES
from tests.language.gathering import Said

TRANSLATED = tuple(code for code in LANGUAGES if code != ENGLISH)
Key = tuple[str, str]
DATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in the head of each catalogue, so that the same words make the same file."""


def source(code: str) -> Path:
    return CATALOGUES / code / "fourweek.po"


def read(code: str) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none."""
    path = source(code)
    if not path.exists():
        return Catalog(locale=Locale.parse(code))
    with path.open("rb") as opened:
        return read_po(opened, locale=code)


def words_of(catalog: Catalog) -> dict[Key, Message]:
    return {key_of(one): one for one in catalog if one.id}


def key_of(message: Message) -> Key:
    one = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return message.context or "", one


def forms(code: str) -> int:
    count: int = get_plural(code).num_plurals
    return count


def renewed(code: str, said: Iterable[Said], translated: dict[Key, list[str]]) -> Catalog:
    """A catalogue of what is said now: with the words it had, and with new ones, a list of forms for each key."""
    before, catalog = words_of(read(code)), _empty(code)
    for one, places in _merged(said).items():
        had = before.get(one.key)
        words = translated.get(one.key) or _forms_of(had)
        text: str | tuple[str, ...] = tuple(words or [""] * forms(code)) if one.many else (words or [""])[0]
        catalog.add(
            (one.one, one.many) if one.many else one.one,
            text,
            locations=[(place, 0) for place in sorted(places)],
            context=one.context or None,
        )
    return catalog


def _empty(code: str) -> Catalog:
    return Catalog(
        locale=Locale.parse(code),
        project="Fourweek",
        version="1",
        header_comment="# Fourweek in another language. The English sentence is the key.",
        last_translator="Fourweek",
        language_team="Fourweek",
        msgid_bugs_address="docs/languages.md",
        creation_date=DATED,
        revision_date=DATED,
        fuzzy=False,
    )


def _merged(said: Iterable[Said]) -> dict[Said, set[str]]:
    """Each message once, with all its places. One said alone and counted elsewhere is kept as counted."""
    found: dict[Key, tuple[Said, set[str]]] = {}
    for one in said:
        kept, places = found.get(one.key, (one, set()))
        found[one.key] = (one if one.many else kept, places | {one.place})
    return dict(found.values())


def _forms_of(message: Message | None) -> list[str]:
    if message is None:
        return []
    return forms_in(message.string)


def forms_in(string: object) -> list[str]:
    """The words of a message: one entry, or one for each plural form."""
    return [str(one) for one in string] if isinstance(string, tuple | list) else [str(string)]


def as_text(catalog: Catalog) -> bytes:
    kept = io.BytesIO()
    write_po(kept, catalog, width=0, sort_output=True, include_lineno=False)
    return kept.getvalue()


def compiled(catalog: Catalog) -> bytes:
    kept = io.BytesIO()
    write_mo(kept, catalog)
    return kept.getvalue()
