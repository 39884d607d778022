"""The registrar's pages of licences: masked in the list, every look noted."""

from datetime import date
from typing import Any

from sqlalchemy import select

from assessments.licences.queries import LICENCE
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.licences.factories import licence

AUDIT = table(AuditRow)


def test_the_registrar_looks_up_and_checks_a_licence(house: House, browser: Any) -> None:
    alice, rita = house.db.write_now(make.person), house.db.write_now(make.with_role, Role.REGISTRAR, "Rita Record")
    made = house.db.write_now(licence, alice)
    wanted = select(PERSON.c.learner_number).where(PERSON.c.id == alice)
    at = f"/record/{house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())}/licences"
    assert browser().get(at).headers["location"].startswith("/sign-in")
    for person in (alice, house.db.write_now(make.with_role, Role.LEAD)):
        assert [browser(person).get(path).status_code for path in (at, f"{at}/{made}")] == [404, 404]
    desk = browser(rita)
    listed = desk.get(at).text
    assert ("•••482" in listed, "0071482" in listed) == (True, False)
    assert ("0071482" in desk.get(f"{at}/{made}").text, desk.get(f"{at}/nothing").status_code) == (True, 404)
    wrong = desk.submit(f"{at}/{made}", f"{at}/{made}", checked_on="2999-01-01")
    assert (wrong.status_code, "A day that has been." in wrong.text) == (422, True)
    assert desk.submit(f"{at}/{made}", f"{at}/{made}", checked_on="2026-10-01").status_code == 303
    row = house.db.read_now(lambda conn: conn.execute(select(LICENCE)).one())
    assert (row.checked_on, row.checked_by) == (date(2026, 10, 1), rita)
    acts = house.db.read_now(
        lambda conn: list(
            conn.execute(select(AUDIT.c.act, AUDIT.c.actor_id).where(AUDIT.c.subject_id == made).order_by(AUDIT.c.id))
        )
    )
    assert acts == [("licence.view", rita)] * 3 + [("licence.check", rita)]
    me = browser(alice)
    assert me.submit(f"/licences/{made}/change", f"/licences/{made}/change", number="77").status_code == 303
    assert house.db.read_now(lambda conn: conn.execute(select(LICENCE.c.checked_on)).scalar_one()) is None
