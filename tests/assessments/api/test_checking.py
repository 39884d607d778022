"""What a program may send to be checked."""

import json
from typing import Any

import pytest

from assessments.api.checking import FILES, read_request
from assessments.api.errors import UnknownMediaType
from assessments.transcripts.codes import code_hash
from assessments.verify.judging import NOTHING_ASKED, Asked
from assessments.verify.looking import Given, Kind
from fourweek.errors import Invalid

CODE = "7K3M9QX2TB8W4HZA"
SLUG = "QjiMbkHc5Ccu9jt8rPJxKc"
BADGE = {"id": f"https://learn.example/badges/{SLUG}"}


def _asked(value: Any) -> tuple[Given, Asked]:
    return read_request(json.dumps(value).encode(), "application/json; charset=utf-8")


def test_json_names_what_is_to_be_checked() -> None:
    assert _asked({"badge": CODE}) == (Given(Kind.CODE, code_hash(CODE)), NOTHING_ASKED)
    assert _asked({"badge": f"https://x.example/badges/{SLUG}/badge.png"}) == (Given(Kind.SLUG, SLUG), NOTHING_ASKED)
    as_object, asked = _asked({"badge": BADGE, "email": " ada@engineer.example "})
    assert (as_object.kind, as_object.key, asked) == (Kind.BADGE, SLUG, Asked("ada@engineer.example"))
    assert _asked({"badge": CODE, "last_name": " Brook "})[1] == Asked(last_name="Brook")
    assert _asked({"badge": json.dumps(BADGE)})[0] == as_object


def test_a_file_is_known_by_its_contents_whatever_it_is_sent_as() -> None:
    for kind in FILES:
        given, asked = read_request(json.dumps(BADGE).encode(), kind.upper())
        assert (given.kind, given.key, asked) == (Kind.BADGE, SLUG, NOTHING_ASKED)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"{", ""),
        (b'{"badge": "a", "badge": "b"}', ""),
        (b"[]", ""),
        (b"{}", "badge"),
        (b'{"badge": 5}', "badge"),
        (b'{"badge": "hello"}', "badge"),
        (b'{"badge": "7K3M9QX2TB8W4HZA", "more": 1}', "more"),
        (b'{"badge": "7K3M9QX2TB8W4HZA", "email": 5}', "email"),
    ],
)
def test_what_is_wrong_is_said_of_its_part(body: bytes, field: str) -> None:
    with pytest.raises(Invalid) as error:
        read_request(body, "application/json")
    assert any(name == field or name.startswith(f"{field}.") for name in error.value.fields)


@pytest.mark.parametrize(
    "kind", ["", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"]
)
def test_other_bodies_are_not_taken(kind: str) -> None:
    with pytest.raises(UnknownMediaType):
        read_request(b"{}", kind)
