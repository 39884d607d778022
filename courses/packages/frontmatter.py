"""The few lines of YAML at the head of a Markdown file."""

import re
from dataclasses import field

import yaml

from fourweek.language import _
from fourweek.light import dataclass

MARK = re.compile(r"---[ \t]*")
MAX_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`body_line` is how many lines stand before the body; `faults` are (line from 1, sentence)."""

    title: str = ""
    minutes: int | None = None
    body: str = ""
    body_line: int = 0
    faults: tuple[tuple[int, str], ...] = field(default=())


def split_front_matter(text: str) -> FrontMatter:
    """Front matter and body; a file without front matter is all body."""
    lines = text.split("\n")
    if not MARK.fullmatch(lines[0]):
        return FrontMatter(body=text)
    end = next((at for at, line in enumerate(lines[1:], 1) if MARK.fullmatch(line) or line.rstrip() == "..."), None)
    if end is None:
        return FrontMatter(body=text)
    body = "\n".join(lines[end + 1 :])
    head = "\n".join(lines[1:end])
    values, fault = _values(head)
    if fault:
        return FrontMatter(body=body, body_line=end + 1, faults=(fault,))
    title = values.get("title", "")
    minutes, faults = _minutes(values, lines[:end])
    return FrontMatter(_line(title) if isinstance(title, str) else "", minutes, body, end + 1, faults)


def _line(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def _values(head: str) -> tuple[dict[object, object], tuple[int, str] | None]:
    """Every scalar as the text it is (a title "No" stays a title), through YAML's plainest loader."""
    if len(head) > MAX_CHARACTERS:
        return {}, (1, _("The front matter is too long."))
    try:
        values = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - makes only texts, lists and dictionaries
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return {}, (2 + mark.line if mark else 1, _("The front matter is not valid YAML."))
    except (ValueError, RecursionError):
        return {}, (1, _("The front matter is not valid YAML."))
    if values is None or isinstance(values, dict):
        return values or {}, None
    return {}, (2, _('The front matter must be lines of "key: value".'))


def _minutes(values: dict[object, object], lines: list[str]) -> tuple[int | None, tuple[tuple[int, str], ...]]:
    """Teaching and exercises together; None where neither is said."""
    total: int | None = None
    faults = []
    for key in ("teaching", "exercises"):
        value = values.get(key)
        if value is None:
            continue
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value.strip()):
            total = (total or 0) + int(value)
        else:
            line = next((at for at, text in enumerate(lines, 1) if text.startswith(key)), 1)
            faults.append((line, _('"{key}" in the front matter must be whole minutes.', key=key)))
    return total, tuple(faults)
