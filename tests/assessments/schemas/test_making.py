"""The published schema takes every document that is made, of every kind, and nothing that is none."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from assessments.packets.estimate import estimate_of
from assessments.schemas.making import DIALECT
from assessments.schemas.routes import NAME, published
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.scope import Scope
from tests.assessments.certificates.factory import certificate
from tests.assessments.packets.factory import packet
from tests.assessments.transcripts.factory import snapshot

ADDRESS = f"https://learn.harbour.example/schemas/{NAME}"
SCHEMA = json.loads(published(ADDRESS))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def documents() -> dict[str, TranscriptSnapshot]:
    return {
        "transcript": snapshot(),
        "empty": snapshot([]),
        "certificate": certificate(),
        "packet": packet(),
        "record": replace(certificate(), kind=DocumentKind.CLR, scope=Scope(courses=("reliable-services",))),
    }


def test_it_is_a_schema_of_its_dialect_at_its_address() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert (SCHEMA["$schema"], SCHEMA["$id"]) == (DIALECT, ADDRESS)
    assert NAME == "fourweek-transcript-2.json"


@pytest.mark.parametrize("kind", list(documents()))
def test_every_document_is_valid_by_it(kind: str) -> None:
    written = json.loads(documents()[kind].to_json())
    assert [error.message for error in VALIDATOR.iter_errors(written)] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("totals", "counted_minutes"), 600.5),
        (("totals", "ceu_tenths"), "10"),
        (("lines", 0, "completed_on"), "6 November 2024"),
        (("lines", 0, "status"), "lost"),
        (("issued_at",), "2026-11-22T23:30:15+01:00"),
        (("learner", "birthday"), "1990-01-01"),
        (("document", "code"), None),
    ],
)
def test_what_is_wrong_is_refused(path: tuple[Any, ...], wrong: object) -> None:
    written = json.loads(certificate().to_json())
    part = written
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = wrong
    assert not VALIDATOR.is_valid(written)


def test_no_number_in_a_document_is_anything_but_whole() -> None:
    def numbers(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [number for part in value.values() for number in numbers(part)]
        if isinstance(value, list):
            return [number for part in value for number in numbers(part)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    for document in documents().values():
        assert {type(number) for number in numbers(json.loads(document.to_json()))} <= {int}


def test_the_estimate_reads_back_as_it_was_written() -> None:
    taken = packet()
    found = estimate_of(taken.scope, taken.lines, taken.stated)
    assert TranscriptSnapshot.from_json(taken.to_json()).estimate == found
    assert taken.scope.until == date(2027, 2, 28)
