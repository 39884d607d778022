"""Where each value of a TOML document stands.

The standard library's parser gives no positions. This scan runs over text that the parser has already accepted, so
it needs only to follow the structure: headers, keys, strings, arrays and inline tables.
"""

import re
from bisect import bisect_right
from contextlib import suppress

from fourweek.light import dataclass

TomlPath = tuple[str | int, ...]

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class TomlLines:
    """Lines by path, such as ("module", 0, "lesson", 2, "file"), counted from 1."""

    by_path: dict[TomlPath, int]

    def line(self, path: TomlPath) -> int | None:
        """The line of `path`, else of the nearest thing around it that has one."""
        while path:
            if path in self.by_path:
                return self.by_path[path]
            path = path[:-1]
        return None


def toml_lines(text: str) -> TomlLines:
    """Find the lines of a document that tomllib has accepted; what cannot be followed is left out."""
    scan = _Scan(text)
    with suppress(IndexError, ValueError, RecursionError):
        scan.document()
    return TomlLines(scan.found)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.found: dict[TomlPath, int] = {}
        self.last_index: dict[TomlPath, int] = {}

    def document(self) -> None:
        base: TomlPath = ()
        while True:
            self.blank(newlines=True)
            if self.at >= len(self.text):
                return
            if self.text[self.at] == "[":
                base = self.header()
            else:
                self.pair(base)

    def header(self) -> TomlPath:
        is_array = self.text.startswith("[[", self.at)
        line = self.line()
        self.at += 2 if is_array else 1
        keys = self.keys()
        self.at += 2 if is_array else 1
        path: TomlPath = ()
        for position, key in enumerate(keys):
            path += (key,)
            if is_array and position == len(keys) - 1:
                self.last_index[path] = self.last_index.get(path, -1) + 1
            if path in self.last_index:
                path += (self.last_index[path],)
        self.found.setdefault(path, line)
        return path

    def pair(self, base: TomlPath) -> None:
        line = self.line()
        path = base
        for key in self.keys():
            path += (key,)
            self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self.value(path)

    def keys(self) -> list[str]:
        keys = []
        while True:
            self.blank()
            keys.append(self.key())
            self.blank()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def key(self) -> str:
        quote = self.text[self.at]
        if quote in "\"'":
            start = self.at + 1
            self.string(quote)
            raw = self.text[start : self.at - 1]
            return raw if quote == "'" else ESCAPE.sub(_unescape, raw)
        match = BARE_KEY.match(self.text, self.at)
        if match is None:
            raise ValueError
        self.at = match.end()
        return match.group()

    def value(self, path: TomlPath) -> None:
        self.blank()
        self.found.setdefault(path, self.line())
        mark = self.text[self.at]
        if mark in "\"'":
            self.string(mark * 3 if self.text.startswith(mark * 3, self.at) else mark)
        elif mark == "[":
            self.array(path)
        elif mark == "{":
            self.inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def string(self, quote: str) -> None:
        self.at += len(quote)
        while not self.text.startswith(quote, self.at):
            if self.at >= len(self.text):
                raise ValueError
            self.at += 2 if self.text[self.at] == "\\" and quote[0] == '"' else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], self.at):
            self.at += 1  # up to two more quotes belong to the string

    def array(self, path: TomlPath) -> None:
        self.at += 1
        index = 0
        while True:
            self.blank(newlines=True)
            if self.text[self.at] == "]":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.value((*path, index))
            index += 1

    def inline_table(self, path: TomlPath) -> None:
        self.at += 1
        while True:
            self.blank(newlines=True)
            if self.text[self.at] == "}":
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.pair(path)

    def blank(self, *, newlines: bool = False) -> None:
        spaces = " \t\r\n" if newlines else " \t"
        while self.at < len(self.text):
            if self.text[self.at] in spaces:
                self.at += 1
            elif newlines and self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def line(self) -> int:
        return bisect_right(self.starts, self.at)


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else ESCAPED.get(match.group(3), match.group(3))
