"""Frozen dataclasses to canonical JSON bytes and back, strictly: equal values give equal bytes, and only those read.

Canonical means UTF-8, keys sorted, no spaces, whole numbers only: the form of RFC 8785 for the values used here.
Instants are UTC to the second ("2026-11-22T10:00:00Z"), days are "2026-11-22".
"""

import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from fourweek.language import _

T = TypeVar("T")
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
ADDED = "added"
"""Metadata of a field that came after documents were kept: left out while it has its default, so that they stay equal
to the byte."""


class NotCanonical(ValueError):
    """The bytes are not what `dump` would write for the value that they hold."""


def dump(value: object) -> bytes:
    """Canonical JSON of a dataclass tree of strings, whole numbers, truth values, dates, instants, enums and tuples."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def load(kind: type[T], data: bytes) -> T:
    """The dataclass that `dump` wrote. Raises NotCanonical where a key, a type or a byte differs."""
    try:
        value = _build(kind, json.loads(data))
    except (ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(_("This is no {name}: {error}", name=kind.__name__, error=error)) from error
    if dump(value) != data:
        raise NotCanonical(_("These bytes are not the canonical form of a {name}.", name=kind.__name__))
    return value  # type: ignore[no-any-return]


def plain(value: object) -> Any:
    """The same tree in JSON's own types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in fields(value) if not _is_left_out(field, value)
        }
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(_INSTANT)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum) or value is None or type(value) in {str, int, bool}:
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form here.")


def _build(kind: Any, value: object) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        return _build_dataclass(kind, value)
    if get_origin(kind) is UnionType:
        inner = next(part for part in get_args(kind) if part is not NoneType)
        return None if value is None else _build(inner, value)
    if get_origin(kind) is tuple:
        if type(value) is not list:
            raise TypeError("a list was expected")
        return tuple(_build(get_args(kind)[0], item) for item in value)
    return _build_leaf(kind, value)


def _is_left_out(field: Field[Any], value: object) -> bool:
    return ADDED in field.metadata and getattr(value, field.name) == field.default


def _build_dataclass(kind: type[T], value: object) -> T:
    hints = get_type_hints(kind)
    needed = {field.name for field in fields(kind) if ADDED not in field.metadata}  # type: ignore[arg-type]
    if not isinstance(value, Mapping) or not needed <= set(value) <= set(hints):
        raise TypeError(f"{kind.__name__} has other keys")
    return kind(**{name: _build(hints[name], item) for name, item in value.items()})


def _build_leaf(kind: type, value: object) -> object:
    expected = kind if kind in {int, bool} else str
    if type(value) is not expected:
        raise TypeError(f"{kind.__name__} was expected, not {type(value).__name__}")
    if kind is datetime:
        return datetime.strptime(str(value), _INSTANT).replace(tzinfo=UTC)
    if kind is date:
        return date.fromisoformat(str(value))
    return kind(str(value)) if issubclass(kind, StrEnum) else value
