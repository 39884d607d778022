"""Credit from elsewhere: its pages, its table and its certificates."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from assessments.stated.queries import STATED
from assessments.stated.table import template
from fourweek.accounts.models import Role
from fourweek.edge import House
from tests import factories as make
from tests.assessments.stated.factories import stated
from tests.visits import forms

AT = "/licences/elsewhere"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ONE = {
    "title": "=SUM(Bridges)",
    "provider": "Steel Society",
    "completed_on": "2026-06-01",
    "hours": "1:20",
    "said": "1.3 PDH",
    "category": "laws-rules",
    "jurisdiction": "us-fl",
    "mode": "in_person",
}


@pytest.fixture
def alice(house: House) -> str:
    return house.db.write_now(make.person)


def rows(house: House) -> list[Any]:
    return house.db.read_now(lambda conn: list(conn.execute(select(STATED).order_by(STATED.c.completed_on)).all()))


def test_nobody_else_sees_or_removes_what_somebody_states(alice: str, house: House, browser: Any) -> None:
    digest = house.store.keep_bytes(PDF).sha256
    made = house.db.write_now(stated, alice, evidence_sha256=digest, evidence_name="mine.pdf")
    for path in (AT, f"{AT}/new", f"{AT}/table", f"{AT}/template.csv", f"{AT}/{made}/certificate"):
        assert browser().get(path).headers["location"].startswith("/sign-in?next=/licences")
    bob = browser(house.db.write_now(make.person, "Bob Other"))
    token = forms(bob.get(AT).text)["/sign-out"]["form_token"]
    assert "Bridge" not in bob.get(AT).text
    assert bob.get(f"{AT}/{made}/certificate").status_code == 404
    assert bob.post(f"{AT}/{made}/remove", data={"form_token": token}).status_code == 404
    registrar = browser(house.db.write_now(make.with_role, Role.REGISTRAR))
    assert registrar.get(f"{AT}/{made}/certificate").content == PDF
    assert registrar.post(f"{AT}/{made}/remove", data={"form_token": token}).status_code != 303
    assert rows(house)[0].removed_at is None


def test_an_activity_with_its_certificate_is_entered_once_removed_and_entered_again(
    alice: str, house: House, browser: Any
) -> None:
    me = browser(alice)
    page, action = f"{AT}/new", f"{AT}/new"
    wrong = me.submit(page, action, **ONE | {"hours": "1.33", "completed_on": "2099-01-01", "category": ""})
    assert (wrong.status_code, wrong.text.count('class="error"'), "=SUM(Bridges)" in wrong.text) == (422, 3, True)
    wrong = me.submit(page, action, files={"certificate": ("c.pdf", b"no pdf", "application/pdf")}, **ONE)
    assert (wrong.status_code, "does not fit its name" in wrong.text, rows(house)) == (422, True, [])
    for _ in range(2):
        done = me.submit(page, action, files={"certificate": ("c.pdf", PDF, "application/pdf")}, **ONE)
        assert done.status_code == 303
    (row,) = rows(house)
    assert (row.minutes, row.category, row.said) == (80, "laws-rules:US-FL", "1.3 PDH")
    assert (row.evidence_sha256, row.evidence_name) == (hashlib.sha256(PDF).hexdigest(), "c.pdf")
    shown = me.get(AT).text
    assert ("Stated, not earned here" in shown, "1:20 hours" in shown) == (True, True)
    answer = me.get(f"{AT}/{row.id}/certificate")
    assert (answer.content, answer.headers["cache-control"]) == (PDF, "private, no-store")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert me.submit(AT, f"{AT}/{row.id}/remove").status_code == 303
    (row,) = rows(house)
    assert (row.removed_at is None, row.evidence_sha256, "Nothing stated" in me.get(AT).text) == (False, "", True)
    assert me.submit(page, action, **ONE).status_code == 303
    assert [(row.removed_at, row.evidence_sha256) for row in rows(house)] == [(None, "")]


def test_a_table_is_shown_before_it_is_taken_in_and_twice_adds_nothing(alice: str, house: House, browser: Any) -> None:
    me, page = browser(alice), f"{AT}/table"
    given = me.get(f"{AT}/template.csv").content
    assert given == template()
    bad = given + b'"Ethics","","","ethics","In person","2026-06-31","1.5","","",""\r\n'
    wrong = me.submit(page, page, files={"file": ("t.csv", bad, "text/csv")}, act="check")
    assert (wrong.status_code, ">provider</td>" in wrong.text, ">completed on</td>" in wrong.text) == (
        422,
        True,
        True,
    )
    assert ('name="table"' in wrong.text, rows(house)) == (False, [])
    for new in (1, 0):
        shown = me.submit(page, page, files={"file": ("t.csv", given, "text/csv")}, act="check")
        assert (shown.status_code, f"New: {new}. In the list already: {1 - new}." in shown.text) == (200, True)
        if new:
            sent = forms(shown.text)[page] | {"act": "import", "order": "iso"}
            other = {"file": ("other.csv", given.replace(b"Bridge", b"Tunnel"), "text/csv")}
            for unseen in (me.post(page, data=sent, files=other), me.post(page, data=sent | {"order": "mdy"})):
                assert (unseen.status_code, "What will happen" in unseen.text, rows(house)) == (200, True, [])
            assert me.post(page, data=sent).status_code == 303
            assert me.post(page, data=sent).status_code == 303
    assert [(row.title, row.minutes) for row in rows(house)] == [("Bridge inspection refresher", 90)]
