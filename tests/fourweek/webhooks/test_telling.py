"""Every webhook that wants an event gets one message of it, which names nobody and is signed as the documents say."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.webhooks.kinds import EventKind
from fourweek.webhooks.queries import HOOK, MESSAGE
from fourweek.webhooks.service import tell
from fourweek.webhooks.signing import headers, new_secret, signature
from tests import factories
from tests.fourweek.webhooks.receiving import webhook
from tests.house.sources import ROOT

NOW = factories.START
DATA = {"address": "https://learn.example/badges/abc", "achievement": "Zoë’s badge"}


def test_every_webhook_that_wants_it_is_told_once_a_key(conn: Connection) -> None:
    wants, other, ended = webhook(conn), webhook(conn, "https://example.org/2"), webhook(conn, "https://example.org/3")
    conn.execute(update(HOOK).where(HOOK.c.id == other.id).values(kinds=[EventKind.REVOKED.value]))
    conn.execute(update(HOOK).where(HOOK.c.id == ended.id).values(ended_at=NOW))
    told = [tell(conn, EventKind.AWARDED, "award:1", DATA, NOW) for _ in range(2)]
    assert (told, tell(conn, EventKind.REVOKED, "revoke:1", DATA, NOW)) == ([1, 0], 2)
    rows = conn.execute(select(MESSAGE).where(MESSAGE.c.key == "award:1")).all()
    assert [(row.webhook_id, row.kind, row.try_at, row.attempts) for row in rows] == [
        (wants.id, "badge.awarded", NOW, 0)
    ]
    said = {"id": rows[0].id, "kind": "badge.awarded", "at": "2026-11-02T09:00:00Z", "data": DATA}
    assert json.loads(rows[0].body) == said


def test_nobody_is_told_where_no_program_listens(conn: Connection) -> None:
    assert tell(conn, EventKind.AWARDED, "award:1", DATA, NOW) == 0


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    """Worked out a second time, and the example that the specification's own libraries are tested with."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
    known = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert known == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"a.1.{body}".encode(), hashlib.sha256).digest()
    assert signature(secret, "a", "1", body) == "v1," + base64.b64encode(digest).decode()


def test_secrets_are_long_and_differ() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    ("change", "holds"),
    [({}, True), ({"body": b"{}"}, False), ({"now": 301.0}, False), ({"secret": new_secret()}, False)],
)
def test_what_the_documentation_shows_checks_a_message(change: dict[str, Any], *, holds: bool) -> None:
    """The snippet of docs/webhooks.md, run as it stands there."""
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(snippet, names)  # noqa: S102 our own documentation
    secret, at, body = new_secret(), datetime(2026, 11, 22, 12, tzinfo=UTC), '{"id":"m1","data":{"name":"Zoë"}}'
    given: dict[str, Any] = {"secret": secret, "body": body.encode(), "now": 0.0} | change
    sent = headers(secret, "m1", body, at)
    assert names["is_ours"](given["secret"], sent, given["body"], at.timestamp() + given["now"]) is holds
