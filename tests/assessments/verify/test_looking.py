"""What is made of something given, before the record is asked."""

import hashlib
import io

import hypothesis
import pytest
from hypothesis import strategies as st

from assessments.transcripts.codes import code_hash
from assessments.verify import looking
from assessments.verify.looking import Given, Kind, given_file, given_text, given_upload, proof_of, slug_of

CODE = "7K3M9QX2TB8W4HZA"
SLUG = "QjiMbkHc5Ccu9jt8rPJxKc"


@pytest.mark.parametrize("typed", [CODE, "7k3m-9qx2-tb8w-4hza", " 7K3M 9QX2 TB8W 4HZA\n", "７K3M-9QX2-TB8W-4HZA"])
def test_a_code_is_known_in_any_spelling(typed: str) -> None:
    assert given_text(typed) == Given(Kind.CODE, code_hash(CODE))


@pytest.mark.parametrize(
    "typed",
    [
        SLUG,
        f"https://learn.example/badges/{SLUG}",
        f" http://x/badges/{SLUG}/?a=b#c ",
        f"/badges/{SLUG}",
        *(f"https://learn.example/school/badges/{SLUG}/{file}" for file in ("credential.json", "credential.jwt")),
        *(f"http://x/badges/{SLUG}/{file}?v=2" for file in ("badge.png", "badge.svg")),
    ],
)
def test_the_address_of_a_badge_is_known(typed: str) -> None:
    assert given_text(typed) == Given(Kind.SLUG, SLUG)


@pytest.mark.parametrize("typed", ["ABCD", CODE + "7", SLUG + "x", "' OR 1=1 --", "\x00" * 16, "x" * 100_000])
def test_anything_else_is_nothing(typed: str) -> None:
    assert given_text(typed).kind is Kind.NOTHING


def test_the_address_of_a_status_list_is_known() -> None:
    for typed in ("https://learn.example/status/7", "/status/7#1234", "https://learn.example/school/status/7/"):
        assert given_text(typed) == Given(Kind.LIST)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[" * 100_000, b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00", b'{"a":1,"a":2}', b"<svg/>", b"9" * 5000]
)
def test_a_file_that_cannot_be_read_says_why(data: bytes) -> None:
    given = given_file(data)
    assert given.kind is Kind.NOTHING
    assert given.why.endswith(".")


@pytest.mark.parametrize("data", [b"{}", b"[]", b'"text"', b'{"type":["VerifiableCredential"]}'])
def test_json_that_is_no_badge_is_looked_at_as_one(data: bytes) -> None:
    given = given_file(data)
    assert (given.kind, given.key, given.form) == (Kind.BADGE, "", "")
    assert given == given_file(b"\n" + data + b" ")


def test_pasted_text_is_taken_as_the_file_it_is() -> None:
    text = '{"id": "https://learn.example/badges/' + SLUG + '", "note": "' + "x" * 400 + '"}'
    for typed in (text, "\n  " + text + "\n"):
        assert (given_text(typed).kind, given_text(typed).key) == (Kind.BADGE, SLUG)
    token = "ey" + "J" * 40 + ".eyJ9." + "s" * 300
    assert given_text(token) == given_file(token.encode())
    assert given_text(token).kind is Kind.TOKEN


def test_a_pdf_is_known_by_its_digest_and_the_numbers_in_it() -> None:
    data = b"%PDF-1.7 /Title(Transcript T-2026-000123) T-2026-000123 T-1-2 T-2026-000124"
    given = given_file(data)
    assert (given.kind, given.numbers, len(given.key)) == (Kind.DOCUMENT, ("T-2026-000123", "T-2026-000124"), 64)
    assert given_file(b"%PDF-1.7").numbers == ()
    many = b"%PDF-1.7" + b"".join(b" T-2026-%06d" % number for number in range(99))
    assert len(given_file(many).numbers) == 5


def test_only_the_address_of_a_badge_has_a_slug() -> None:
    for address in (f"http://testserver/badges/{SLUG}", f"badges/{SLUG}", f"https://x/badges/{SLUG}/badge.png"):
        assert slug_of(address) == SLUG
    for other in (f"http://x/badges/{SLUG}x", f"http://x/xbadges/{SLUG}", f"/badges/{SLUG}/a/b", "", "x" * 9999):
        assert slug_of(other) == ""


@pytest.mark.parametrize("content", [None, [], {}, {"proof": []}, {"proof": [1]}, {"proof": {"proofValue": 1}}])
def test_a_proof_that_is_none_has_no_value(content: object) -> None:
    assert proof_of(content) == ""


def test_the_value_is_of_a_proof_that_is_checked() -> None:
    """Proofs of other kinds stand beside it unchecked, so they say nothing of which form it is."""
    ours = {"cryptosuite": "eddsa-rdfc-2022", "proofValue": "zOurs"}
    assert proof_of({"proof": [{"cryptosuite": "other", "proofValue": "zOther"}, ours]}) == "zOurs"


_ODD = st.sampled_from(
    [b"\x89PNG\r\n\x1a\n", b"<svg", b"<?xml", b"{", b"eyJ", b"%PDF-", b'{"proof":[', b"ey.ey.ey", b"iTXt"]
)


@hypothesis.settings(max_examples=100, deadline=None)
@hypothesis.given(start=_ODD | st.just(b""), rest=st.binary(max_size=60), typed=st.text(max_size=40))
def test_nothing_makes_it_stumble(start: bytes, rest: bytes, typed: str) -> None:
    for given in (given_file(start + rest), given_text(start.decode("latin-1") + typed)):
        assert given.kind in Kind
        assert bool(given.why) is (given.kind is Kind.NOTHING)


def test_a_document_is_read_in_pieces_as_if_it_were_one() -> None:
    for gap in (0, looking._PIECE - 12, looking._PIECE * 2):
        data = b"%PDF-1.7\n" + b" " * gap + b"P-2026-000123\n/ByteRange"
        found = given_upload(io.BytesIO(data))
        assert found is not None
        assert (found.kind, found.key) == (Kind.DOCUMENT, hashlib.sha256(data).hexdigest())
        assert ("P-2026-000123" in found.numbers, found.pdf is not None) == (True, True)
    assert given_upload(io.BytesIO(b"%PDF-" + bytes(looking.MOST_PDF))) is None
    assert given_upload(io.BytesIO(bytes(looking.MOST_BYTES + 1))) is None
