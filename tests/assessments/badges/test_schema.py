"""Every badge is valid by the official schema: the strict one kept here, and the published one where it is at hand."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from assessments.badges.document import build_credential
from assessments.badges.plain import read_json, write_json
from tests.assessments.badges import factory

HERE = Path(__file__).parent
STRICT = "ob_v3p0_achievementcredential_schema.strict.json"
LENIENT = "ob_v3p0_achievementcredential_schema.json"


def _standards() -> Path:
    beside = Path(__file__).parents[3].parent / "shared" / "standards"
    return Path(os.environ.get("FOURWEEK_STANDARDS", beside)) / "openbadges" / "schemas"


def _schemas() -> list[Path]:
    published = [_standards() / STRICT, _standards() / LENIENT]
    return [HERE / "schemas" / STRICT, *(path for path in published if path.is_file())]


def _validator(path: Path) -> Draft201909Validator:
    schema = json.loads(path.read_text("utf-8"))
    schema["$schema"] = schema["$schema"].removesuffix("#")
    return Draft201909Validator(schema, format_checker=FormatChecker())


def _badges() -> dict[str, dict[str, Any]]:
    least = build_credential(
        factory.issuer(),
        factory.achievement(rubric=(), tags=(), language="", version="", ceu_tenths=0),
        factory.award(results=(), evidence=(), valid_until=None, ceu_tenths=0),
    )
    return {"unsigned": factory.document(), "signed": factory.signed().credential, "least": least}


@pytest.mark.parametrize("schema", _schemas(), ids=lambda path: f"{path.parent.parent.name}-{path.name}")
@pytest.mark.parametrize("kind", ["unsigned", "signed", "least"])
def test_badge_is_valid_by_the_official_schema(schema: Path, kind: str) -> None:
    badge = read_json(write_json(_badges()[kind]))
    assert [error.message for error in _validator(schema).iter_errors(badge)] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("validFrom",), "2026-12-07T09:00:00"),
        (("credentialSubject", "creditsEarned"), "2.4"),
        (("type",), "OpenBadgeCredential"),
        (("credentialSubject", "identifier", 0, "email"), "ada@engineer.example"),
    ],
)
def test_schema_check_notices_what_is_wrong(path: factory.Path, wrong: object) -> None:
    badge = copy.deepcopy(factory.signed().credential)
    factory.put(badge, path, wrong)
    assert not _validator(HERE / "schemas" / STRICT).is_valid(badge)
