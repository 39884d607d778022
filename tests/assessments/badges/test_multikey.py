import pytest

from assessments.badges.keys import new_signing_key
from assessments.badges.multikey import PublicKey, did_web, parse_multibase

KNOWN = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"


def test_multikey_reads_back() -> None:
    key = new_signing_key().public
    assert parse_multibase(key.multibase) == key
    assert key.multibase.startswith("z6Mk")


def test_known_multikey_keeps_its_spelling() -> None:
    assert parse_multibase(KNOWN).multibase == KNOWN


@pytest.mark.parametrize(
    "text",
    ["", "6Mk", KNOWN + " ", KNOWN[:-1], "z" + KNOWN, "zDnaeSGBRBNbuhMmS2cQvkWpBC9sjHBFaXBBuNzXFDVEvBNuh", "z0OIl"],
)
def test_any_other_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_multibase(text)


def test_a_long_name_is_no_key_and_is_not_worked_out() -> None:
    """Reading base58 takes a time that grows with the square of its length."""
    with pytest.raises(ValueError, match="length of one"):
        parse_multibase("z" + "6" * 5000)


def test_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PublicKey(b"short")


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://learn.example", "did:web:learn.example"),
        ("https://learn.example/", "did:web:learn.example"),
        ("https://Learn.Example:8443/school/a b", "did:web:learn.example%3A8443:school:a%20b"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_did_web_of_a_site(base_url: str, did: str) -> None:
    assert did_web(base_url) == did


@pytest.mark.parametrize("base_url", ["learn.example", "ftp://learn.example", "https://"])
def test_what_is_no_site_has_no_did(base_url: str) -> None:
    with pytest.raises(ValueError, match="address of a site"):
        did_web(base_url)
