"""The description of the interface: whole, true to the routes, and its examples are what it says they are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import BaseModel

from assessments.api import own_shapes, shapes
from assessments.api.checking import FILES
from assessments.api.description import description
from assessments.api.routes import router
from assessments.badges.checks import Step, Verdict

SITE = "https://learn.example"
DOCUMENT: dict[str, Any] = json.loads(description(router, institution="Harbour Institute", site=SITE, cookie="sign-in"))
OPERATIONS = {(way, path): said for path, ways in DOCUMENT["paths"].items() for way, said in ways.items()}
SHAPES = [
    shape
    for shape in (vars(shapes) | vars(own_shapes)).values()
    if isinstance(shape, type)
    and issubclass(shape, BaseModel)
    and shape is not BaseModel
    and shape.model_json_schema().get("examples")
]


def _refs(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*([value["$ref"]] if "$ref" in value else []), *(ref for part in value.values() for ref in _refs(part))}
    return {ref for part in value for ref in _refs(part)} if isinstance(value, list) else set()


def test_it_is_a_whole_description() -> None:
    assert OpenAPI.model_validate(DOCUMENT).openapi == "3.1.0"
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert _refs(DOCUMENT) <= known
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert (DOCUMENT["info"]["title"], DOCUMENT["servers"]) == (
        "Harbour Institute: badges",
        [{"url": SITE}],
    )


def test_it_holds_these_routes_and_no_page() -> None:
    assert sorted(OPERATIONS) == [
        ("get", "/api/v1/achievements/{achievement_id}"),
        ("get", "/api/v1/badges/{slug}"),
        ("get", "/api/v1/badges/{slug}/status"),
        ("get", "/api/v1/issuer"),
        ("get", "/api/v1/me/badges"),
        ("get", "/api/v1/me/cohorts"),
        ("get", "/api/v1/me/courses"),
        ("get", "/api/v1/me/credit"),
        ("post", "/api/v1/verify"),
    ]


def test_the_document_names_the_same_routes_and_every_verdict_and_kind_of_file() -> None:
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
    assert sorted(re.findall(r"^\| `([A-Z]+) (/api/v1/[^`]+)`", text, re.MULTILINE)) == sorted(
        (way.upper(), path) for way, path in OPERATIONS
    )
    assert [name for name in (*Verdict, *Step, *FILES) if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("way", "path"), sorted(OPERATIONS))
def test_each_route_says_what_it_does_and_how_it_fails(way: str, path: str) -> None:
    said = OPERATIONS[way, path]
    assert said["summary"]
    assert said["description"]
    assert list(said["responses"]["200"]["content"]) == ["application/json"]
    for status, answer in said["responses"].items():
        if status != "200":
            assert answer["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_example_is_what_it_shows(shape: type[BaseModel]) -> None:
    schema = shape.model_json_schema(mode="serialization" if shape is not shapes.VerifyRequest else "validation")
    for example in schema["examples"]:
        assert [
            flaw.message for flaw in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(example)
        ] == []
        assert json.loads(shape.model_validate(example).model_dump_json(exclude_unset=True)) == example


def test_there_is_an_example_of_each_thing_that_is_answered() -> None:
    answered = {
        said["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] for said in OPERATIONS.values()
    }
    assert {ref.rpartition("/")[2] for ref in answered} < {shape.__name__ for shape in SHAPES}
