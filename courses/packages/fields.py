"""Reads a TOML table by declared keys and says everything that is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from courses.packages.lines import TomlLines, TomlPath
from courses.packages.models import Problem, Severity
from courses.packages.suggestions import did_you_mean
from fourweek.language import _
from fourweek.language.lists import any_of
from fourweek.letters.printing import names_ok
from fourweek.light import dataclass

KEY = re.compile(r"[a-z0-9-]{1,60}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MAX_TEXT = 10_000

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(slots=True)
class Document:
    """A TOML file being read: its name for problems, its lines, and the problems found so far."""

    file: str
    lines: TomlLines
    problems: list[Problem] = field(default_factory=list)
    sha256: str = ""

    def say(self, path: TomlPath, message: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(self.file, self.lines.line(path), message, severity))


@dataclass(slots=True)
class Fields:
    """One table; each method reads one key, says what is wrong, and gives a usable value of the right type."""

    document: Document
    path: TomlPath
    table: Mapping[str, object]
    asked: list[str] = field(default_factory=list)

    def say(self, key: str, message: str, severity: Severity = Severity.ERROR) -> None:
        self.document.say((*self.path, key), message, severity)

    def text(self, key: str, *, required: bool = True, longest: int = MAX_TEXT, printed: bool = False) -> str:
        """The text without outer space; empty where it is missing or wrong.

        `printed` is for what stands on transcripts: their fonts have all its letters.
        """
        value = self._get(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._wrong(key, "text in quotes", "")
        text = value.strip()
        if required and not text:
            self.say(key, _('"{key}" is empty.', key=key))
        if CONTROL.search(text):
            self.say(key, _('"{key}" holds control characters.', key=key))
        if len(text) > longest:
            self.say(
                key,
                _(
                    '"{key}" is {count} characters long; at most {longest} fit.',
                    key=key,
                    count=len(text),
                    longest=longest,
                ),
            )
        if printed and (unprintable := names_ok(text)):
            self.say(key, unprintable)
        return text

    def key(self, key: str) -> str:
        """A stable name of small letters, digits and hyphens; empty where it is missing or wrong."""
        text = self.text(key)
        if text and not KEY.fullmatch(text):
            self.say(key, _('"{text}" may hold only small letters a to z, digits and hyphens, at most 60.', text=text))
            return ""
        return text

    def whole(self, key: str, *, required: bool = False, least: int = 1, most: int = 100_000) -> int | None:
        value = self._get(key, required=required)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            return self._wrong(key, "a whole number", None)
        if not least <= value <= most:
            self.say(
                key,
                _(
                    '"{key}" is {value}; it must be from {least} to {most}.',
                    key=key,
                    value=value,
                    least=least,
                    most=most,
                ),
            )
            return None
        return value

    def day(self, key: str) -> date | None:
        value = self._get(key, required=True)
        if value is None or type(value) is date:
            return value if type(value) is date else None
        return self._wrong(key, "a day such as 2026-03-14, without quotes", None)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._get(key, required=False)
        if value is None:
            return default
        return value if isinstance(value, bool) else self._wrong(key, "true or false", default)

    def choice(self, key: str, default: Choice, *, required: bool = True) -> Choice:
        kinds = type(default)
        text = self.text(key, required=required)
        if not text:
            return default
        if text in list(kinds):
            return kinds(text)
        self.say(
            key,
            _(
                '"{text}" is not one of {kinds}.{kinds2}',
                text=text,
                kinds=any_of(kinds),
                kinds2=did_you_mean(text, kinds),
            ),
        )
        return default

    def texts(self, key: str, *, required: bool = False, longest: int = MAX_TEXT) -> tuple[str, ...]:
        """A list of texts; wrong entries are said and left out."""
        value = self._get(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list):
            return self._wrong(key, "a list of texts", ())
        kept = [entry.strip() for entry in value if isinstance(entry, str) and entry.strip()]
        if len(kept) < len(value):
            self.say(key, _('"{key}" may hold only texts that are not empty.', key=key))
        if required and not value:
            self.say(key, _('"{key}" is empty.', key=key))
        for entry in kept:
            if len(entry) > longest:
                self.say(
                    key,
                    _(
                        '"{entry}…" is {count} characters long; at most {longest} fit.',
                        entry=entry[:40],
                        count=len(entry),
                        longest=longest,
                    ),
                )
        return tuple(kept)

    def one(self, key: str) -> "Fields":
        """A table below this one; an empty one where it is missing."""
        value = self._get(key, required=True, noun="table")
        table = value if isinstance(value, Mapping) else {}
        if value is not None and not isinstance(value, Mapping):
            self._wrong(key, _("a table, [{key}]", key=key), None)
        return Fields(self.document, (*self.path, key), table)

    def many(self, key: str, *, least: int = 0) -> list["Fields"]:
        """The tables of an array; what is no table is said and left out."""
        value = self._get(key, required=False)
        entries = value if isinstance(value, list) else []
        if value is not None and not isinstance(value, list):
            self._wrong(key, _("a list of tables, [[{key}]]", key=key), None)
        elif len(entries) < least:
            self.say(
                key, _("There must be at least {least} [[{key}]].", least=least, key=".".join([*self._names(), key]))
            )
        found = []
        for index, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                found.append(Fields(self.document, (*self.path, key, index), entry))
            else:
                self.document.say((*self.path, key, index), _('An entry of "{key}" is not a table.', key=key))
        return found

    def finish(self, *, also: Iterable[str] = ()) -> None:
        """Say which keys nobody asked for."""
        known = [*self.asked, *also]
        for key in self.table:
            if key not in known:
                self.say(key, _('"{key}" is not a known key here.{known}', key=key, known=did_you_mean(key, known)))

    def _get(self, key: str, *, required: bool, noun: str = "key") -> object | None:
        self.asked.append(key)
        if key not in self.table and required:
            self.document.say(self.path, _('The {noun} "{key}" is missing.', noun=noun, key=key))
        return self.table.get(key)

    def _wrong(self, key: str, wanted: str, value: Value) -> Value:
        self.say(key, _('"{key}" must be {wanted}.', key=key, wanted=wanted))
        return value

    def _names(self) -> list[str]:
        return [part for part in self.path if isinstance(part, str)]


def without_repeats(entries: Iterable[tuple[Fields, str]], noun: str, key: str = "key") -> None:
    """Say which of (table, name) carry a name that an earlier one has."""
    seen: set[str] = set()
    for fields, name in entries:
        if name and name in seen:
            fields.say(key, _('The {noun} "{name}" is there twice.', noun=noun, name=name))
        seen.add(name)
