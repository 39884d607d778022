"""What is made of something given, before the record is asked."""

import pytest

from assessments.badges.checks import Verdict
from assessments.transcripts.codes import code_hash
from assessments.verify.looking import Given, Kind, given_file, given_text, proof_of, slug_of
from fourweek.settings import Settings

CODE = "7K3M9QX2TB8W4HZA"
SLUG = "QjiMbkHc5Ccu9jt8rPJxKc"


@pytest.mark.parametrize("typed", [CODE, "7k3m-9qx2-tb8w-4hza", " 7K3M 9QX2 TB8W 4HZA\n", "７K3M-9QX2-TB8W-4HZA"])
def test_a_code_is_known_in_any_spelling(typed: str) -> None:
    assert given_text(typed) == Given(Kind.CODE, code_hash(CODE))


@pytest.mark.parametrize(
    "typed", [SLUG, f"https://learn.example/badges/{SLUG}", f" http://x/badges/{SLUG}/?a=b#c ", f"/badges/{SLUG}"]
)
def test_the_address_of_a_badge_is_known(typed: str) -> None:
    assert given_text(typed) == Given(Kind.SLUG, SLUG)


@pytest.mark.parametrize("typed", ["ABCD", CODE + "7", SLUG + "x", "' OR 1=1 --", "\x00" * 16, "x" * 100_000])
def test_anything_else_is_nothing(typed: str) -> None:
    assert given_text(typed).kind is Kind.NOTHING


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00", b'{"a":1,"a":2}'])
def test_a_file_that_cannot_be_read_says_why(data: bytes, settings: Settings) -> None:
    given = given_file(data, settings)
    assert given.kind is Kind.NOTHING
    assert given.why.endswith(".")


@pytest.mark.parametrize("data", [b"{}", b"[]", b'"text"', b'{"type":["VerifiableCredential"]}'])
def test_json_that_is_no_badge_is_looked_at_as_one(data: bytes, settings: Settings) -> None:
    given = given_file(data, settings)
    assert (given.kind, given.key, given.proof) == (Kind.BADGE, "", "")
    assert given.report is not None
    assert given.report.verdict is Verdict.NOT_A_BADGE


def test_a_pdf_is_known_by_its_digest_and_the_numbers_in_it(settings: Settings) -> None:
    data = b"%PDF-1.7 /Title(Transcript T-2026-000123) T-2026-000123 T-1-2 T-2026-000124"
    given = given_file(data, settings)
    assert (given.kind, given.numbers, len(given.key)) == (Kind.DOCUMENT, ("T-2026-000123", "T-2026-000124"), 64)
    assert given_file(b"%PDF-1.7", settings).numbers == ()


def test_only_our_own_addresses_name_a_badge_of_ours(settings: Settings) -> None:
    assert slug_of(f"http://testserver/badges/{SLUG}", settings) == SLUG
    for other in (f"http://testserver.evil/badges/{SLUG}", f"http://testserver/badges/{SLUG}x", "", SLUG):
        assert slug_of(other, settings) == ""


@pytest.mark.parametrize("credential", [None, [], {}, {"proof": []}, {"proof": [1]}, {"proof": {"proofValue": 1}}])
def test_a_proof_that_is_none_has_no_value(credential: object) -> None:
    assert proof_of(credential) == ""
