"""What earners read when something is done with a badge of theirs: why, by whom, and whom to ask."""

import pytest

from fourweek.mail import compose
from fourweek.outbox import Letter
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests.factories import START
from tests.letters import text_of

ACT = {"achievement": "Runs a Reliable Service", "path": "/badges/x"}
NAMES = {"new": "Alice Stream", "path": "/account/name"}
ENV = Pages((), str).env
KINDS = [
    ("badge_revoked", ACT),
    ("badge_reinstated", ACT),
    ("badge_withdrawn", ACT),
    ("name_changed", NAMES | {"badges": 0}),
    ("name_changed", NAMES | {"badges": 2}),
    ("name_refused", {"path": "/account/name"}),
]


@pytest.mark.parametrize(("kind", "data"), KINDS)
@pytest.mark.parametrize(
    ("contact", "asked"), [("records@school.example", "records@school.example"), ("", "http://school.example/issuer")]
)
def test_a_letter_says_why_by_whom_and_whom_to_ask(
    kind: str, data: dict[str, object], contact: str, asked: str
) -> None:
    settings = Settings(base_url="http://school.example", registrar_contact=contact)
    said = data | {"reason": "A mix-up.", "by": "Regina Stone"}
    letter = Letter("id", START, "alice@example.org", kind, said)
    body = text_of(compose(letter, settings, ENV))
    assert "A mix-up." in body
    assert "Regina Stone, who keeps the records" in body
    assert asked in body


def test_badges_are_named_only_where_some_are_stated_anew() -> None:
    some, none = (
        compose(
            Letter("id", START, "a@example.org", "name_changed", data | {"reason": "R.", "by": "R."}),
            Settings(),
            ENV,
        )
        for data in (NAMES | {"badges": 1}, NAMES | {"badges": 0})
    )
    assert "Your badge is being signed anew" in text_of(some)
    assert "badge" not in text_of(none)
