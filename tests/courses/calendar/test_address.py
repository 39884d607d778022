"""The private address: made once, shown once, replaced, revoked; what it opens and for whom."""

import re
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from courses.calendar.models import CalendarAddress
from courses.calendar.service import make_address
from fourweek.accounts.access import PERSON
from fourweek.accounts.service import digest
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import Conflict
from tests import factories as make
from tests.courses.calendar.reading import events
from tests.courses.live.school import School
from tests.logs import heard

ADDRESS, AUDIT = table(CalendarAddress), table(AuditRow)
SHOWN = re.compile(r"http://testserver(/calendar/[\w-]{43}\.ics)")


def _make(visitor: Any) -> str:
    """Makes or replaces the address as the page has it; returns the path that is shown."""
    answer = visitor.submit("/calendar", "/calendar")
    assert answer.status_code == 200
    found = SHOWN.findall(answer.text)
    assert len(found) == 1
    return str(found[0])


def _rows(db: Database) -> list[Any]:
    return list(db.read_now(lambda conn: conn.execute(ADDRESS.select().order_by(ADDRESS.c.created_at)).all()))


def test_guest_is_sent_to_sign_in(browser: Any) -> None:
    answer = browser().get("/calendar")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/calendar")


def test_address_is_shown_once_and_only_its_digest_kept(browser: Any, school: School, db: Database) -> None:
    alice = browser(school.alice)
    assert "You have no calendar address yet" in alice.get("/calendar").text
    path = _make(alice)
    (row,) = _rows(db)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert (row.person_id, row.token_hash, row.revoked_at) == (school.alice, digest(token), None)
    assert token not in alice.get("/calendar").text
    acts = db.read_now(lambda conn: conn.execute(AUDIT.select().where(AUDIT.c.act == "calendar.make")).all())
    assert [(act.subject_id, act.actor_id) for act in acts] == [(row.id, school.alice)]
    assert token not in str(acts)


def test_calendar_is_read_without_signing_in(browser: Any, school: School) -> None:
    path = _make(browser(school.alice))
    answer = browser().get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in answer.headers
    assert len(events(answer.text)) == 8  # four modules that open and are due


def test_calendar_is_not_sent_again_while_nothing_has_changed(browser: Any, school: School) -> None:
    guest, path = browser(), _make(browser(school.alice))
    etag = guest.get(path).headers["etag"]
    again = guest.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert guest.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_replaced_and_revoked_and_unknown_addresses_answer_the_same(browser: Any, school: School, db: Database) -> None:
    alice, guest = browser(school.alice), browser()
    first = _make(alice)
    second = _make(alice)
    assert (guest.get(first).status_code, guest.get(second).status_code) == (404, 200)
    assert alice.submit("/calendar", "/calendar/revoke").status_code == 303
    answers = [guest.get(path) for path in (first, second, f"/calendar/{'x' * 43}.ics", "/calendar/é.ics")]
    assert {(one.status_code, one.content, one.headers["content-type"]) for one in answers} == {
        (404, b"There is no such calendar.\n", "text/plain; charset=utf-8")
    }
    assert all(row.revoked_at for row in _rows(db))
    acts = db.read_now(lambda conn: conn.execute(AUDIT.select().where(AUDIT.c.act == "calendar.revoke")).all())
    assert [act.subject_id for act in acts] == [_rows(db)[1].id]


def test_page_loaded_anew_does_not_replace_the_address(browser: Any, school: School, db: Database) -> None:
    alice = browser(school.alice)
    path = _make(alice)
    form = {"form_token": _token(alice), "replaces": ""}
    assert alice.post("/calendar", data=form).status_code == 409
    assert browser().get(path).status_code == 200
    assert len(_rows(db)) == 1


def test_address_of_another_person_cannot_be_replaced(browser: Any, school: School, db: Database) -> None:
    _make(browser(school.alice))
    bob = browser(school.bob)
    answer = bob.post("/calendar", data={"form_token": _token(bob), "replaces": _rows(db)[0].id})
    assert answer.status_code == 409
    assert [row.revoked_at for row in _rows(db)] == [None]


def test_disabled_person_has_no_calendar(
    browser: Any, school: School, db: Database, address_of: Callable[[str], str]
) -> None:
    path = address_of(school.alice)
    disabled = update(PERSON).where(PERSON.c.id == school.alice).values(disabled_at=real_time())
    db.write_now(lambda conn: conn.execute(disabled))
    assert browser().get(path).status_code == 404


def test_person_without_courses_has_an_empty_calendar(
    browser: Any, school: School, address_of: Callable[[str], str]
) -> None:
    assert events(browser().get(address_of(school.dora)).text) == {}


def test_one_address_comes_of_twenty_windows(house: House, school: School, db: Database) -> None:
    made: list[str] = []
    refused: list[str] = []

    def run(number: int) -> None:
        try:
            db.write_now(make_address, make.visitor(school.alice), digest(f"token {number}"), "")
        except Conflict:
            refused.append("")
        else:
            made.append("")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused), len(_rows(db))) == (1, 19, 1)


def test_log_does_not_hold_the_address(browser: Any, school: School, address_of: Callable[[str], str]) -> None:
    path = address_of(school.alice)
    with heard("fourweek.middleware") as lines:
        assert browser().get(path).status_code == 200
    assert [line["path"] for line in lines] == ["/calendar/…"]


def _token(visitor: Any) -> str:
    return str(re.findall(r'name="form_token" value="([0-9a-f]+)"', visitor.get("/calendar").text)[0])
