"""One changed value anywhere, one added or one taken out: no such file is ever called valid."""

import copy
from typing import Any

import pytest

from assessments.badges.baking import bake, extract
from assessments.badges.checks import Report, Verdict, check_credential
from assessments.badges.jwt import sign_jwt
from assessments.badges.jwt_checks import check_jwt
from assessments.badges.picture import BadgePicture, draw_png, draw_svg
from assessments.badges.plain import UnreadableError, read_json, write_json
from assessments.badges.svg_baking import bake_svg
from assessments.verify.looking import Kind, given_file
from tests.assessments.badges import factory
from tests.keys import shared_jwt_key

BADGE = factory.signed(status=factory.STATUS)
PICTURE = BadgePicture(title="Reliable Services", institution="Harbour Institute")
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


def test_a_proof_of_another_kind_put_beside_ours_is_noticed() -> None:
    """Nothing covers what it says, and we never make one."""
    added = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-rdfc-2019", "proofPurpose": "Worth 240 CEU."}
    for proofs in ([*BADGE.credential["proof"], added], [added, *BADGE.credential["proof"]]):
        assert _verdict({**BADGE.credential, "proof": proofs}) is Verdict.ALTERED


def test_every_changed_byte_of_the_baked_text_is_noticed() -> None:
    stored = write_json(BADGE.credential)
    picture = draw_png(PICTURE)
    for place in range(0, len(stored), 97):
        letter = stored[place : place + 1]
        if letter.isspace():
            continue
        changed = _flipped(stored, place)
        baked = extract(bake(picture, changed))
        assert baked == changed
        try:
            assert _verdict(read_json(baked)) is not Verdict.VALID
        except UnreadableError:
            continue


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + (b"x" if data[place : place + 1] != b"x" else b"y") + data[place + 1 :]


def _picture_verdict(data: bytes) -> Verdict:
    """Of a whole file, as `/verify` takes it."""
    given = given_file(data)
    return Verdict.NOT_A_BADGE if given.kind is Kind.NOTHING else _verdict(given.content)


@pytest.mark.parametrize("form", ["png", "svg"])
def test_every_changed_byte_of_the_chunk_is_noticed(form: str) -> None:
    """Around the credential: length, kind, keyword, flags and checksum; the element, its namespace and CDATA."""
    stored = write_json(BADGE.credential)
    baked = bake(draw_png(PICTURE), stored) if form == "png" else bake_svg(draw_svg(PICTURE).encode(), document=stored)
    assert _picture_verdict(baked) is Verdict.VALID
    start = baked.index(b"iTXt") - 4 if form == "png" else baked.index(b"xmlns:openbadges")
    before, end = range(start, baked.index(stored)), baked.index(stored) + len(stored)
    for place in (*before, *range(baked.index(stored), end, 211), *range(end, end + (4 if form == "png" else 28))):
        if baked[place : place + 1].isspace():
            continue
        assert _picture_verdict(_flipped(baked, place)) is not Verdict.VALID, (place, baked[place - 20 : place + 20])


def test_a_second_credential_put_into_a_picture_is_noticed() -> None:
    stored, other = write_json(BADGE.credential), write_json(factory.signed().credential)
    png, svg = bake(draw_png(PICTURE), stored), bake_svg(draw_svg(PICTURE).encode(), document=stored)
    chunk = bake(draw_png(PICTURE), other)
    chunk = chunk[chunk.index(b"iTXt") - 4 : chunk.index(other) + len(other) + 4]
    for twice in (
        png[: png.index(b"iTXt") - 4] + chunk + png[png.index(b"iTXt") - 4 :],
        svg.replace(b"</svg>", b"", 1),
    ):
        assert _picture_verdict(twice) is Verdict.NOT_A_BADGE
    element = svg[svg.index(b"<openbadges:credential") : svg.index(b"</openbadges:credential>") + 24]
    assert _picture_verdict(svg.replace(element, element + element)) is Verdict.NOT_A_BADGE


KID = f"{factory.BASE}/issuer/keys/{shared_jwt_key().public.key_id}"
TOKEN = sign_jwt(BADGE.credential, shared_jwt_key(), KID)


def _token_report(token: str) -> Report:
    issuers = {factory.ISSUER_ID: {KID: shared_jwt_key().public}}
    return check_jwt(token, issuers=issuers, now=factory.WHILE_VALID)


def test_every_changed_letter_of_a_token_is_noticed() -> None:
    """Each of the header and the signature, and some of the payload."""
    assert _token_report(TOKEN).verdict is Verdict.VALID
    header, payload, _ = TOKEN.split(".")
    body = range(len(header) + 1, len(header) + len(payload) + 1)
    for place in (*range(len(header)), *body[::61], *range(body.stop, len(TOKEN))):
        changed = TOKEN[:place] + ("A" if TOKEN[place] != "A" else "B") + TOKEN[place + 1 :]
        assert _token_report(changed).verdict is not Verdict.VALID, place


def test_parts_of_two_tokens_do_not_fit_together() -> None:
    other = sign_jwt(factory.document(id="https://learn.example/badges/other"), shared_jwt_key(), KID)
    ours, theirs = TOKEN.split("."), other.split(".")
    for parts in ([ours[0], ours[1], theirs[2]], [ours[0], theirs[1], ours[2]], [*ours[:2], ""], [*ours, ""]):
        assert _token_report(".".join(parts)).verdict in (Verdict.ALTERED, Verdict.NOT_A_BADGE)
