"""A professional's own pages of licences."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.credit.amounts import Part
from assessments.licences.queries import LICENCE
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import learning, recorded
from tests.assessments.licences.factories import licence
from tests.assessments.stated.factories import stated
from tests.statements import statements
from tests.visits import forms

AUDIT = table(AuditRow)
OWN = {
    "title": "Wisconsin Examining Board",
    "profession": "Professional engineer",
    "jurisdiction": "US-WI",
    "number": "0012345",
    "ends_on": "2028-07-31",
    "zone": "America/Chicago",
    "hours": "30",
    "months": "24",
    "category1": "ethics",
    "least1": "2",
}


@pytest.fixture
def alice(house: House) -> str:
    return house.db.write_now(make.person)


def rows(house: House) -> list[Any]:
    return house.db.read_now(lambda conn: list(conn.execute(select(LICENCE).order_by(LICENCE.c.id)).all()))


def acts(house: House) -> list[str]:
    wanted = select(AUDIT.c.act).where(AUDIT.c.subject_kind == "licence").order_by(AUDIT.c.id)
    return house.db.read_now(lambda conn: list(conn.execute(wanted).scalars()))


def test_nobody_else_sees_or_touches_a_licence(alice: str, house: House, browser: Any) -> None:
    made = house.db.write_now(licence, alice)
    paths = ("/licences", f"/licences/{made}", f"/licences/{made}/change")
    for path in paths:
        assert browser().get(path).headers["location"].startswith("/sign-in?next=/licences")
    for person in (house.db.write_now(make.person, "Bob Other"), house.db.write_now(make.with_role, Role.REGISTRAR)):
        visitor = browser(person)
        assert "•482" not in visitor.get("/licences").text
        assert [visitor.get(path).status_code for path in paths[1:]] == [404, 404]
        sent = {
            "form_token": forms(visitor.get("/licences").text)["/sign-out"]["form_token"],
            "switch": "remind",
            "ends_on": "2029-02-28",
            "shown": "2027-02-28",
        }
        for act in ("switch", "renew", "remove", "change"):
            assert visitor.post(f"/licences/{made}/{act}", data=sent).status_code == 404
    assert [(row.ends_on, row.remind, row.removed_at) for row in rows(house)] == [(date(2027, 2, 28), True, None)]


def test_a_licence_of_a_shipped_board_from_adding_to_removing(alice: str, house: House, browser: Any) -> None:
    me = browser(alice)
    assert "No licence yet" in me.get("/licences").text
    assert "18 CE hours in 24 months" in me.get("/licences/new").text
    path = "/licences/new?board=us-fl-pe"
    assert 'value="2027-02-28"' in me.get(path).text
    wrong = me.submit(path, "/licences/new", number="", ends_on="28.2.2027", zone="EST5")
    assert (wrong.status_code, "is not a date such as" in wrong.text, "The number is missing." in wrong.text) == (
        422,
        True,
        True,
    )
    done = me.submit(path, "/licences/new", number="0071482")
    made = rows(house)[0]
    assert (done.status_code, made.board, made.jurisdiction, made.zone) == (
        303,
        "us-fl-pe",
        "US-FL",
        "America/New_York",
    )
    listed = me.get("/licences").text
    assert ("•••482" in listed, "0071482" in listed, "0.0 of 18.0 CE hours" in listed) == (True, False, True)
    page = f"/licences/{made.id}"
    shown = me.get(page).text
    assert ("0071482" in shown, "This is an estimate; your board decides." in shown) == (True, True)
    assert "Still missing: 18.0 CE hours in all; 1.0 hours: Laws and rules of Florida" in shown
    for switch in ("remind", "stated", "report"):
        assert me.submit(page, f"{page}/switch", switch=switch, on="1").status_code == 303
    wrong = me.submit(page, f"{page}/renew", ends_on="2026-01-01")
    assert (wrong.status_code, "The next window ends after this one." in wrong.text) == (422, True)
    assert me.submit(page, f"{page}/renew", ends_on="2029-02-28").status_code == 303
    assert me.submit(page, f"{page}/renew", ends_on="2031-02-28", shown="2027-02-28").status_code == 409
    row = rows(house)[0]
    assert (row.ends_on, row.starts_on) == (date(2029, 2, 28), None)
    assert row.obligation == {"stated": True, "report": True, "before": "2025-03-01"}
    assert me.submit(page, f"{page}/remove").status_code == 303
    assert me.get(page).status_code == 404
    assert acts(house) == [
        "licence.add",
        "licence.switch",
        "licence.switch",
        "licence.switch",
        "licence.renew",
        "licence.remove",
    ]


def test_an_obligation_of_ones_own_and_what_changing_it_keeps(alice: str, house: House, browser: Any) -> None:
    me, path = browser(alice), "/licences/new?board=own"
    wrong = me.submit(path, "/licences/new", **OWN | {"hours": "1.33", "category1": "magic", "months": "0"})
    assert (wrong.status_code, wrong.text.count('class="error"'), "Wisconsin" in wrong.text) == (422, 3, True)
    assert me.submit(path, "/licences/new", **OWN).status_code == 303
    made = rows(house)[0]
    assert (made.board, made.obligation["minutes"], made.obligation["minimums"]) == (
        "",
        1_800,
        [{"category": "ethics", "minutes": 120}],
    )
    page = f"/licences/{made.id}"
    assert "30.0 hours in all; 2.0 hours: Ethics" in me.get(page).text
    assert me.submit(page, f"{page}/renew", ends_on="2030-07-31").status_code == 303
    assert rows(house)[0].obligation["before"] == "2026-08-01"
    assert me.submit(f"{page}/change", f"{page}/change", ends_on="2032-07-31").status_code == 303
    assert "before" not in rows(house)[0].obligation
    me.submit(page, f"{page}/switch", switch="stated", on="1")
    assert me.submit(f"{page}/change", f"{page}/change", number="77", carried="2:30").status_code == 303
    row = rows(house)[0]
    assert (row.number, row.obligation["carried"], row.obligation["stated"]) == ("77", 150, True)


def test_what_is_counted_why_and_the_packet_of_the_window(house: House, browser: Any) -> None:
    def seed(conn: Connection) -> tuple[str, str]:
        who = learning(conn)
        first = recorded(conn, who, 1, parts=(Part("technical", 1_100), Part("ethics", 30)))
        recorded(conn, who, 2, repeat_of=first, tenths=0, amounts=())
        recorded(conn, who, 3, at=datetime(2027, 1, 2, tzinfo=UTC))
        stated(conn, who.person_id)
        tx = {"board": "us-tx-pe", "jurisdiction": "US-TX", "ends_on": date(2026, 12, 31)}
        return who.person_id, licence(conn, who.person_id, **tx)

    person, made = house.db.write_now(seed)
    me = browser(person)
    shown = me.get(f"/licences/{made}").text
    assert ("18.5 of 15.0 PDH" in shown, "Still missing: 0.5 hours: Ethics, or" in shown) == (True, True)
    assert "3.5 PDH beyond what is asked for can be carried into the next window." in shown
    assert ("A repeat, which carries no credit." in shown, "Stated by you, not earned here; not counted" in shown) == (
        True,
        True,
    )
    assert "1 other activity lies outside of this window" in shown
    assert "21:20 contact hours" in me.get("/licences").text
    packet = forms(shown)["/transcript/packet"]
    assert {key: packet[key] for key in ("board", "since", "until", "licences", "stated")} == {
        "board": "us-tx-pe",
        "since": "2026-01-01",
        "until": "2026-12-31",
        "licences": made,
        "stated": "",
    }


def test_the_pages_ask_as_much_whatever_they_hold(alice: str, house: House, browser: Any) -> None:
    first = house.db.write_now(licence, alice)
    for _ in range(27):
        house.db.write_now(licence, alice)
        house.db.write_now(stated, alice)
    me = browser(alice)
    me.get("/licences")  # notes that they were seen
    with statements(house.db) as listing:
        page = me.get("/licences").text
    with statements(house.db) as one:
        shown = me.get(f"/licences/{first}").text
    assert (page.count('class="entry-title"'), "Page 1 of 2" in page, listing.number) == (25, True, 5)
    assert (shown.count("Stated, not earned here</span>"), "Page 1 of 2" in shown, one.number) == (25, True, 4)
