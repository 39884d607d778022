"""One changed value anywhere, one added or one taken out: no such file is ever called valid."""

import copy
from typing import Any

import pytest

from assessments.badges.baking import bake, extract
from assessments.badges.checks import Verdict, check_credential
from assessments.badges.picture import BadgePicture, draw_png
from assessments.badges.plain import UnreadableError, read_json, write_json
from tests.assessments.badges import factory

BADGE = factory.signed()
LEAVES = list(factory.leaves(BADGE.credential))


def _verdict(credential: object) -> Verdict:
    return check_credential(credential, issuers=BADGE.issuers, now=factory.WHILE_VALID).verdict


def _name(path: factory.Path) -> str:
    return ".".join(map(str, path))


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    middle = len(value) // 2
    return value[:middle] + ("x" if value[middle] != "x" else "y") + value[middle + 1 :]


def _expected(path: factory.Path) -> Verdict:
    """Altered, except where the change makes it somebody else's badge or none at all."""
    if path == ("issuer", "id"):
        return Verdict.ISSUER_UNKNOWN
    return Verdict.NOT_A_BADGE if path[0] == "type" else Verdict.ALTERED


@pytest.mark.parametrize("path", LEAVES, ids=_name)
def test_one_changed_letter_is_noticed(path: factory.Path) -> None:
    credential = BADGE.copy()
    factory.put(credential, path, _changed(factory.at(credential, path)))
    assert _verdict(credential) is _expected(path)


@pytest.mark.parametrize("path", [path for path in LEAVES if path[0] != "@context"], ids=_name)
def test_one_value_taken_out_is_noticed(path: factory.Path) -> None:
    credential = BADGE.copy()
    del factory.at(credential, path[:-1])[path[-1]]
    assert _verdict(credential) is not Verdict.VALID


@pytest.mark.parametrize("path", LEAVES, ids=_name)
def test_one_value_put_to_null_is_noticed(path: factory.Path) -> None:
    credential = BADGE.copy()
    factory.put(credential, path, None)
    assert _verdict(credential) is not Verdict.VALID


def _objects(value: Any, path: factory.Path = ()) -> list[factory.Path]:
    if isinstance(value, dict):
        inner = [found for name, part in value.items() for found in _objects(part, (*path, name))]
        return [path, *inner]
    if isinstance(value, list):
        return [found for place, part in enumerate(value) for found in _objects(part, (*path, place))]
    return []


@pytest.mark.parametrize(
    "added", [{"ceuHours": 240}, {"name": ["Other"]}, {"@type": "Gold"}, {"x": None}, {"endorsement": []}]
)
@pytest.mark.parametrize("path", _objects(BADGE.credential), ids=_name)
def test_one_statement_added_is_noticed(path: factory.Path, added: dict[str, Any]) -> None:
    credential = BADGE.copy()
    factory.at(credential, path).update(added)
    assert _verdict(credential) is not Verdict.VALID


def test_claim_hidden_under_its_full_name_is_noticed() -> None:
    credential = BADGE.copy()
    credential["https://www.w3.org/2018/credentials#credentialSchema"] = credential.pop("credentialSchema")
    assert _verdict(credential) is Verdict.ALTERED


def test_contexts_taken_out_or_moved_are_noticed() -> None:
    for contexts in (
        BADGE.credential["@context"][:2],
        BADGE.credential["@context"][:1],
        list(reversed(BADGE.credential["@context"])),
    ):
        assert _verdict({**BADGE.credential, "@context": contexts}) is Verdict.ALTERED


def test_proof_of_another_badge_of_ours_does_not_fit() -> None:
    credential = BADGE.copy()
    other = factory.signed(id="https://learn.example/badges/other").credential
    credential["proof"] = copy.deepcopy(other["proof"])
    assert _verdict(credential) is Verdict.ALTERED


def test_every_changed_byte_of_the_baked_text_is_noticed() -> None:
    stored = write_json(BADGE.credential)
    picture = draw_png(BadgePicture(title="Reliable Services", institution="Harbour Institute"))
    for place in range(0, len(stored), 97):
        letter = stored[place : place + 1]
        if letter.isspace():
            continue
        changed = stored[:place] + (b"x" if letter != b"x" else b"y") + stored[place + 1 :]
        baked = extract(bake(picture, changed))
        assert baked == changed
        try:
            assert _verdict(read_json(baked)) is not Verdict.VALID
        except UnreadableError:
            continue
