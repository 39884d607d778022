"""Every badge is valid by both official schemas: the strict one (lists only) and the lenient one."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from assessments.badges.document import build_credential
from assessments.badges.jwt import read_jwt, sign_jwt
from assessments.badges.plain import read_json, write_json
from tests.assessments.badges import factory
from tests.assessments.badges.test_jwt import KID, pair

HERE = Path(__file__).parent
STRICT = "ob_v3p0_achievementcredential_schema.strict.json"
LENIENT = "ob_v3p0_achievementcredential_schema.json"


@cache
def validator(name: str) -> Draft201909Validator:
    schema = json.loads((HERE / "schemas" / name).read_text("utf-8"))
    schema["$schema"] = schema["$schema"].removesuffix("#")
    return Draft201909Validator(schema, format_checker=FormatChecker())


def _badges() -> dict[str, dict[str, Any]]:
    least = build_credential(
        factory.issuer(),
        factory.achievement(rubric=(), tags=(), language="", version="", ceu_tenths=0),
        factory.award(results=(), evidence=(), valid_until=None, ceu_tenths=0),
    )
    return {
        "unsigned": factory.document(),
        "signed": factory.signed().credential,
        "least": least,
        "whole": factory.whole(),
        "token": read_jwt(sign_jwt(factory.whole(), pair(), KID)).payload,
    }


@pytest.mark.parametrize("schema", [STRICT, LENIENT])
@pytest.mark.parametrize("kind", ["unsigned", "signed", "least", "whole", "token"])
def test_badge_is_valid_by_the_official_schema(schema: str, kind: str) -> None:
    badge = read_json(write_json(_badges()[kind]))
    assert [error.message for error in validator(schema).iter_errors(badge)] == []


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("validFrom",), "2026-12-07T09:00:00"),
        (("credentialSubject", "creditsEarned"), "2.4"),
        (("type",), "OpenBadgeCredential"),
        (("credentialSubject", "identifier", 0, "email"), "ada@engineer.example"),
        (("credentialSubject", "achievement", "alignment", 0, "targetUrl"), 5),
        (("credentialStatus", "type"), 1),
        (("validUntil",), None),
    ],
)
def test_schema_check_notices_what_is_wrong(path: factory.Path, wrong: object) -> None:
    badge = copy.deepcopy(factory.whole())
    factory.put(badge, path, wrong)
    assert not validator(STRICT).is_valid(badge)
