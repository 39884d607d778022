"""The pages of merges: for registrars alone, both accounts side by side, from the record to the decision."""

from typing import Any

from sqlalchemy import Connection, select

from assessments.merging.pages import masked
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import learning, one_more, recorded
from tests.assessments.merging.test_service import number_of
from tests.statements import statements


def _both(conn: Connection) -> tuple[str, str, str, str]:
    kept = learning(conn, name="Alice Brook")
    gone = one_more(conn, kept, "Alice Broock")
    for week in (1, 2):
        recorded(conn, gone, week)
    recorded(conn, kept, 1)
    return number_of(conn, kept.person_id), number_of(conn, gone.person_id), kept.person_id, gone.person_id


def test_one_proposes_another_merges(house: House, browser: Any) -> None:
    kept, gone, kept_id, gone_id = house.db.write_now(_both)
    path = f"/record/{kept}/merge"
    lead = house.db.write_now(make.with_role, Role.LEAD)
    for address in (path, "/merges", "/merges/nowhere"):
        assert browser().get(address).headers["location"].startswith("/sign-in?next=/")
        for person in (kept_id, lead):
            assert browser(person).get(address).status_code == 404
    rita, rolf = (browser(house.db.write_now(make.with_role, Role.REGISTRAR, name)) for name in ("Rita", "Rolf"))
    assert rita.get(path, params={"gone": "L-nobody"}).status_code == 422
    assert "This is the same account." in rita.get(path, params={"gone": kept}).text
    with statements(house.db) as count:
        page = rita.get(path, params={"gone": gone.lower()}).text
    assert ("Alice Broock" in page, "a…@example.org" in page, count.number <= 8) == (True, True, True)
    assert ("Stood twice" in page, "2 Week 2 in public, completed" in page) == (True, True)
    wrong = rita.submit(f"{path}?gone={gone}", path, why=" ")
    assert (wrong.status_code, "how you know that both are one person" in wrong.text) == (422, True)
    at = rita.submit(f"{path}?gone={gone}", path, why="The same passport.").headers["location"]
    mine = rita.get(at).text
    assert ("Take the proposal back" in mine, "Approve the merge" in mine) == (True, False)
    assert rita.submit(at, at, verdict="approve", why="").status_code == 403
    assert "Alice Broock" in rolf.get("/merges").text
    with statements(house.db) as count:
        assert "Approve the merge" in rolf.get(at).text
    assert count.number <= 9
    assert rolf.submit(at, at, verdict="approve", why="").status_code == 303
    assert "Merged" in rolf.get("/merges?show=decided").text
    page = rolf.get(f"/record/{gone}").text
    assert ("This account was merged" in page, f"/record/{kept}" in page) == (True, True)
    page = rolf.get(f"/record/{kept}").text
    assert ("Transferred" in page, "Proposed by Rita, approved by Rolf" in page) == (True, True)
    into = select(PERSON.c.merged_into_id).where(PERSON.c.id == gone_id)
    assert house.db.read_now(lambda conn: conn.execute(into).scalar_one()) == kept_id
    assert browser(gone_id).get("/home").status_code == 303
    assert "Two accounts of yours became one" in browser(kept_id).get("/notices").text


def test_an_address_is_shown_no_further_than_it_takes_to_compare() -> None:
    assert [masked(one) for one in ("alice@example.org", "x", "")] == ["a…@example.org", "x…@", "…@"]
