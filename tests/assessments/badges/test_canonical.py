import time
from itertools import permutations
from typing import Any

import pytest
from pyld import jsonld

from assessments.badges.canonical import TooComplexError, canonical_quads
from assessments.badges.contexts import CREDENTIALS_V2, OPEN_BADGES, UnknownContextError, load_pinned
from assessments.badges.plain import LoosePartsError
from tests.assessments.badges import factory


def test_canonical_form_does_not_depend_on_order() -> None:
    document = factory.document()
    turned = dict(reversed(document.items()))
    turned["evidence"] = list(reversed(document["evidence"]))
    assert canonical_quads(turned) == canonical_quads(document)


def test_whole_number_written_with_a_fraction_is_the_same_number() -> None:
    document = factory.document(ceu_tenths=20)
    as_integer = canonical_quads(document)
    document["credentialSubject"]["creditsEarned"] = 2.0
    assert canonical_quads(document) == as_integer


@pytest.mark.parametrize("path", [(), ("issuer",), ("credentialSubject",), ("credentialSubject", "achievement")])
def test_undefined_term_is_refused_by_name(path: factory.Path) -> None:
    document = factory.document()
    factory.at(document, path)["ceuHours"] = 24
    with pytest.raises(LoosePartsError, match="“ceuHours”"):
        canonical_quads(document)


def test_keyword_in_place_of_a_name_is_refused() -> None:
    document = factory.document()
    document["credentialSubject"]["achievement"]["image"]["id"] = "@json"
    with pytest.raises(LoosePartsError):
        canonical_quads(document)


def test_undefined_type_is_refused_by_name() -> None:
    document = factory.document()
    document["type"].append("GoldBadge")
    with pytest.raises(LoosePartsError, match="“GoldBadge”"):
        canonical_quads(document)


@pytest.mark.parametrize(
    "identifier",
    [
        "badges/1",
        "",
        "//learn.example/1",
        "?a",
        "#a",
        "relative.invalid://name/a",
        "@id",
        "https://x.example/> <https://y.example/a",
        "_:b0",
    ],
)
def test_identifier_that_is_no_full_address_is_refused(identifier: str) -> None:
    document = factory.document()
    document["credentialSubject"]["id"] = identifier
    with pytest.raises(LoosePartsError):
        canonical_quads(document)


@pytest.mark.parametrize("extra", ["https://evil.example/v1", {"name": "https://evil.example/name"}, None])
def test_unpinned_context_is_refused(extra: object) -> None:
    document = factory.document()
    document["@context"].append(extra)
    with pytest.raises(UnknownContextError):
        canonical_quads(document)


def _statement(subject: str, objects: list[str]) -> dict[str, Any]:
    return {"id": subject, "type": ["Achievement"], "related": [{"id": name, "type": ["Related"]} for name in objects]}


def test_named_blank_nodes_are_refused_before_they_can_be_knotted() -> None:
    names = [f"_:n{number}" for number in range(9)]
    knots = [_statement(one, [two]) for one, two in permutations(names, 2)]
    with pytest.raises(LoosePartsError):
        canonical_quads(
            {"@context": [CREDENTIALS_V2, OPEN_BADGES], "type": ["VerifiableCredential"], "evidence": knots}
        )


def test_star_of_alike_blank_nodes_is_given_up_quickly() -> None:
    twin: dict[str, Any] = {"type": ["Related"], "version": "1"}
    star = {"type": ["Achievement"], "related": [twin] * 40}
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES], "type": ["VerifiableCredential"], "evidence": [star, star]}
    began = time.perf_counter()
    with pytest.raises(TooComplexError):
        canonical_quads(document)
    assert time.perf_counter() - began < 5


def test_one_thing_described_over_and_over_is_refused() -> None:
    again = [
        {"id": "urn:x:2", "type": ["Achievement"], "tag": [f"{one}-{two}" for two in range(250)]} for one in range(3)
    ]
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES], "type": ["VerifiableCredential"], "evidence": again}
    with pytest.raises(LoosePartsError, match="over and over"):
        canonical_quads(document)
    canonical_quads({**document, "evidence": again[:2]})


def test_largest_document_taken_is_read_in_bounded_time() -> None:
    entries = [{"type": ["Evidence"], "name": f"{number}", "narrative": "x"} for number in range(300)]
    document = factory.document()
    document["evidence"] = entries
    began = time.perf_counter()
    canonical_quads(document)
    assert time.perf_counter() - began < 10


def test_what_is_kept_of_contexts_changes_no_document_that_comes_later() -> None:
    without_place = factory.whole(status={})
    documents = [factory.whole(), without_place, factory.document(), factory.signed().credential]
    expected = [_by_pyld_alone(document) for document in documents]
    for _ in range(2):
        assert [canonical_quads(document) for document in documents] == expected
    assert [canonical_quads(document) for document in reversed(documents)] == expected[::-1]


def _by_pyld_alone(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_pinned}
    quads: str = jsonld.normalize(document, options)
    return quads.encode()
