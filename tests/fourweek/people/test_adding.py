"""An account for somebody who works here, made on a page; its owner sets the password by a letter."""

from typing import Any

import pytest
from sqlalchemy import func, select

from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.accounts.service import EMAIL, PASSWORD
from fourweek.audit.service import ROW
from fourweek.clock import now_at, real_time
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from fourweek.scans import make_scans
from tests import factories as make

ROBIN = {"name": "Robin Reed", "address": "Robin@Example.org"}


@pytest.fixture
def otto(house: House, browser: Any) -> Any:
    return browser(house.db.write_now(make.with_role, Role.OPERATOR, "Otto Orr"))


def _count(house: House, table: Any) -> int:
    return int(house.db.read_now(lambda conn: conn.execute(select(func.count()).select_from(table)).scalar_one()))


def test_an_operator_adds_somebody_who_gets_a_letter(house: House, otto: Any) -> None:
    done = otto.submit("/people/new", "/people/new", **ROBIN)
    assert done.status_code == 303
    assert "Robin Reed" in otto.get(done.headers["location"]).text
    row = house.db.read_now(
        lambda conn: conn.execute(
            select(PERSON.c.id, PERSON.c.zone, EMAIL.c.address)
            .join(EMAIL, EMAIL.c.person_id == PERSON.c.id)
            .where(PERSON.c.legal_name == "Robin Reed")
        ).one()
    )
    assert (row.address, row.zone, _count(house, PASSWORD)) == ("robin@example.org", house.settings.zone, 0)
    acts = house.db.read_now(lambda conn: conn.execute(select(ROW.c.actor_id).where(ROW.c.subject_id == row.id)).all())
    assert [act.actor_id is not None for act in acts] == [True]
    kinds = house.db.read_now(lambda conn: conn.execute(select(OUTBOX.c.kind)).scalars().all())
    assert kinds == ["account_made"]


def test_the_letter_leads_to_a_password(house: House, otto: Any, browser: Any) -> None:
    otto.submit("/people/new", "/people/new", **ROBIN)
    mail = next(scan for scan in make_scans(house) if scan.name == "mail")
    mail.run(now_at(real_time(), 0))
    letter = next(house.settings.mail.rglob("*.eml")).read_bytes().decode(errors="replace").replace("=\r\n", "")
    assert "/set-password/" in letter


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("name", "x" * 201), ("address", "robin"), ("address", "otto@example.org")]
)
def test_what_cannot_be_right_makes_nobody(house: House, otto: Any, field: str, typed: str) -> None:
    if "otto" in typed:
        typed = str(house.db.read_now(lambda conn: conn.execute(select(EMAIL.c.address)).scalar_one()))
    answer = otto.submit("/people/new", "/people/new", **{**ROBIN, field: typed})
    assert (answer.status_code, f'id="field-{field}-error"' in answer.text) == (422, True)
    assert _count(house, PERSON) == 1


def test_nobody_else_adds_people(house: House, browser: Any) -> None:
    amir = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Amir Aziz"))
    assert amir.get("/people/new").status_code == 403
