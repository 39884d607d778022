"""From a frozen dataclass to a JSON Schema (2020-12) of what `transcripts.canonical.dump` writes of it. Pure."""

from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from assessments.transcripts.canonical import ADDED

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_of(kind: type, address: str, title: str) -> Schema:
    """A schema that takes what `dump` writes of this dataclass and of those in it, and no other members.

    What may be left out because it was added later is not required.
    """
    definitions: dict[str, Schema] = {}
    whole = _object(kind, definitions)
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": title,
        **whole,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _object(kind: type, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    own: tuple[Field[Any], ...] = fields(kind)
    return {
        "description": " ".join((getdoc(kind) or "").split()),
        "type": "object",
        "properties": {field.name: _value(hints[field.name], definitions) for field in own},
        "required": [field.name for field in own if ADDED not in field.metadata],
        "additionalProperties": False,
    }


def _value(kind: Any, definitions: dict[str, Schema]) -> Schema:
    if is_dataclass(kind) and isinstance(kind, type):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = _object(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if get_origin(kind) is UnionType:
        inner = next(part for part in get_args(kind) if part is not NoneType)
        return {"anyOf": [_value(inner, definitions), {"type": "null"}]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _value(get_args(kind)[0], definitions)}
    return _leaf(kind)


def _leaf(kind: Any) -> Schema:
    if kind is int:
        return {"type": "integer"}
    if kind is datetime:
        return {"type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"}
    if kind is date:
        return {"type": "string", "format": "date"}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [one.value for one in kind]}
    if kind is str:
        return {"type": "string"}
    raise TypeError(f"{kind!r} has no schema here.")
