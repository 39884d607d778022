"""A form sent after the sign-in has ended is given back, whole, and can be sent once one is signed in again."""

from typing import Any

from sqlalchemy import Connection, update

from fourweek.accounts.models import Role, SignIn
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from tests import factories
from tests.visits import Browser, forms

SIGN_IN = table(SignIn)


def _end_sign_ins(house: House) -> None:
    house.db.write_now(lambda conn: conn.execute(update(SIGN_IN).values(ends_at=real_time())))


def _fill(conn: Connection) -> tuple[str, str]:
    cohort = factories.cohort(conn, factories.course(conn))
    return f"/cohorts/{cohort}/announcements/new", factories.with_role(conn, Role.LEAD)


def test_what_was_typed_survives_the_end_of_a_sign_in(house: House, browser: Any) -> None:
    page, lead = house.db.write_now(_fill)
    visitor: Browser = browser(lead)
    fields = forms(visitor.get(page).text)[page] | {"title": "The hall", "body": "One.\n\n“Two” <b>"}
    _end_sign_ins(house)
    answer = visitor.post(page, data=fields | {"act": "preview"})
    assert (answer.status_code, "Your sign-in has ended" in answer.text) == (401, True)
    assert 'href="/sign-in?next=/signed-in" target="_blank"' in answer.text
    visitor.sign_in_as(lead)
    again = visitor.post(page, data=forms(answer.text)[page])
    assert (again.status_code, "You signed in again since then" in again.text) == (422, True)
    shown = visitor.post(page, data=forms(again.text)[page])
    kept = forms(shown.text)[page]
    assert (shown.status_code, kept["title"], kept["body"].strip()) == (200, "The hall", "One.\n\n“Two” <b>")


def test_a_reader_is_brought_to_the_sign_in_page(house: House, browser: Any) -> None:
    visitor: Browser = browser(house.db.write_now(factories.person))
    _end_sign_ins(house)
    assert visitor.get("/home").headers["location"] == "/sign-in?next=/home"
