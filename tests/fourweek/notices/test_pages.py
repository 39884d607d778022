"""The list of notices: newest first, one's own alone, what is new marked, counted in the page's head."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, select

from fourweek.accounts.access import MANY
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.notices.queries import PER_PAGE
from fourweek.outbox import OUTBOX, post, withdraw
from fourweek.pages import Pages
from tests import factories
from tests.statements import statements

HOUR = timedelta(hours=1)


@pytest.fixture
def alice(db: Database) -> str:
    return db.write_now(lambda conn: factories.person(conn, "Alice Brook", "Europe/Berlin"))


def _tell(db: Database, person_id: str, title: str, kind: str = "announcement", at: datetime | None = None) -> None:
    data = {"title": title, "course": "Pump care", "again": False, "path": f"/about/{title}", "by": "", "text": ""}
    now = real_time() - HOUR
    db.write_now(post, f"{person_id}:{title}", kind, person_id, now=now, at=at, data=data)


def _seen(db: Database, person_id: str) -> list[bool]:
    wanted = select(OUTBOX.c.seen_at).where(OUTBOX.c.person_id == person_id).order_by(OUTBOX.c.shown_from)
    return [row.seen_at is not None for row in db.read_now(lambda conn: conn.execute(wanted).all())]


def test_guests_sign_in_first(browser: Any) -> None:
    for path in ("/notices", "/notices/choices"):
        assert browser().get(path).headers["location"] == f"/sign-in?next={path}"


def test_nobody_sees_or_marks_what_is_told_to_others(browser: Any, db: Database, alice: str) -> None:
    _tell(db, alice, "Secret<b>")
    bob = browser(db.write_now(factories.person))
    page = bob.get("/notices").text
    assert "Secret" not in page
    assert "No notices yet" in page
    mine = db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id)).scalar_one())
    assert bob.submit("/notices/choices", "/notices/choices").status_code == 303
    token = bob.get("/notices/choices").text.split('name="form_token" value="')[1].split('"')[0]
    assert bob.post("/notices/read", data={"form_token": token, "newest": mine}).status_code == 303
    assert _seen(db, alice) == [False]


def test_a_notice_says_its_letters_subject_with_its_page_and_date(browser: Any, db: Database, alice: str) -> None:
    at = real_time() - HOUR
    _tell(db, alice, "Pumps & <valves>", at=at)
    page = browser(alice).get("/notices").text
    assert '/open">Pumps &amp; &lt;valves&gt;: Pump care</a>' in page
    assert "(Europe/Berlin)" in page
    assert f'datetime="{at:%Y-%m-%dT%H:%M:%SZ}"' in page


def test_new_notices_are_counted_until_all_are_marked_as_read(browser: Any, db: Database, alice: str) -> None:
    for number in range(3):
        _tell(db, alice, f"No {number}")
    visitor = browser(alice)
    page = visitor.get("/notices").text
    assert "Notices (3 new)" in page
    assert page.count(">New<") == 3
    assert "Notices (3 new)" in visitor.get("/notices/choices").text
    assert visitor.submit("/notices", "/notices/read").status_code == 303
    page = visitor.get("/notices").text
    assert "new)" not in page
    assert ">New<" not in page
    assert "Mark all as read" not in page
    assert _seen(db, alice) == [True] * 3


def _ids(db: Database, person_id: str) -> list[str]:
    wanted = select(OUTBOX.c.id).where(OUTBOX.c.person_id == person_id).order_by(OUTBOX.c.shown_from)
    return list(db.read_now(lambda conn: conn.execute(wanted).scalars().all()))


def test_a_link_of_a_notice_that_is_not_ones_own_leads_nowhere(browser: Any, db: Database, alice: str) -> None:
    _tell(db, alice, "Pumps")
    _tell(db, alice, "Later", at=real_time() + HOUR)
    now, later = _ids(db, alice)
    assert browser().get(f"/notices/{now}/open").headers["location"] == f"/sign-in?next=/notices/{now}/open"
    assert browser(db.write_now(factories.person)).get(f"/notices/{now}/open").status_code == 404
    assert browser(alice).get(f"/notices/{later}/open").status_code == 404
    assert browser(alice).get("/notices/unknown/open").status_code == 404
    assert _seen(db, alice) == [False, False]


def test_following_a_notice_marks_it_alone_as_read(browser: Any, db: Database, alice: str) -> None:
    for number in range(2):
        _tell(db, alice, f"No {number}", at=real_time() - HOUR * (2 - number))
    first, second = _ids(db, alice)
    visitor = browser(alice)
    assert f'href="/notices/{first}/open"' in visitor.get("/notices").text
    answer = visitor.get(f"/notices/{first}/open")
    assert (answer.status_code, answer.headers["location"]) == (303, "/about/No 0".replace(" ", "%20"))
    assert _seen(db, alice) == [True, False]
    page = visitor.get("/notices").text
    assert ("Notices (1 new)" in page, page.count(">New<")) == (True, 1)
    assert visitor.get(f"/notices/{first}/open").status_code == 303
    assert visitor.get(f"/notices/{second}/open").headers["location"] == "/about/No%201"
    assert _seen(db, alice) == [True, True]


def test_looking_ahead_marks_nothing(browser: Any, db: Database, alice: str) -> None:
    _tell(db, alice, "Pumps")
    (notice,) = _ids(db, alice)
    visitor = browser(alice)
    assert visitor.head(f"/notices/{notice}/open").headers["location"] == "/about/Pumps"
    ahead = visitor.get(f"/notices/{notice}/open", headers={"sec-purpose": "prefetch;prerender"})
    assert ahead.headers["location"] == "/about/Pumps"
    assert _seen(db, alice) == [False]


def test_a_notice_never_leads_out_of_the_house(browser: Any, db: Database, alice: str) -> None:
    db.write_now(post, "far", "due_soon", alice, now=real_time(), data={"path": "//elsewhere.example"})
    (notice,) = _ids(db, alice)
    assert browser(alice).get(f"/notices/{notice}/open").headers["location"] == "/"


def test_many_new_notices_are_not_counted_out(browser: Any, db: Database, alice: str) -> None:
    for number in range(MANY + 2):
        _tell(db, alice, f"No {number}")
    assert "Notices (10+ new)" in browser(alice).get("/notices").text


def test_what_comes_while_one_reads_stays_new(browser: Any, db: Database, alice: str) -> None:
    now = real_time()
    _tell(db, alice, "Old", at=now - HOUR)
    visitor = browser(alice)
    newest = db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id)).scalar_one())
    _tell(db, alice, "Later", at=now - HOUR / 2)
    assert visitor.submit("/notices", "/notices/read", newest=newest).status_code == 303
    assert _seen(db, alice) == [True, False]
    assert visitor.submit("/notices", "/notices/read", newest="unknown").status_code == 303
    assert _seen(db, alice) == [True, False]


def test_a_notice_is_listed_from_its_instant_on_and_not_once_taken_back(browser: Any, db: Database, alice: str) -> None:
    _tell(db, alice, "In a while", at=real_time() + HOUR)
    _tell(db, alice, "Taken back")
    visitor = browser(alice)
    assert "Notices (1 new)" in visitor.get("/notices").text
    assert "In a while" not in visitor.get("/notices").text
    db.write_now(withdraw, f"{alice}:Taken back")
    assert "Taken back" not in visitor.get("/notices").text


def test_long_lists_are_paged_newest_first_with_few_statements(
    app: FastAPI, browser: Any, db: Database, alice: str
) -> None:
    start = real_time() - timedelta(days=2)
    for number in range(PER_PAGE * 2 + 1):
        _tell(db, alice, f"[{number:02}]", at=start + timedelta(minutes=number // 3))  # some at the same instant
    visitor = browser(alice)
    visitor.get("/notices")
    seen: list[str] = []
    path = "/notices"
    while path:
        with statements(app.state.house.db) as count:
            page = visitor.get(path).text
        assert count.number == 2
        seen += [part[:4] for part in page.split('">[')[1:] for part in ["[" + part]]
        path = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert [line[:3] for line in seen] == [f"[{n:02}" for n in _order(db)]
    assert "Nothing older" in visitor.get("/notices?before=unknown").text


def _order(db: Database) -> list[int]:
    def read(conn: Connection) -> list[int]:
        rows = conn.execute(select(OUTBOX.c.data).order_by(OUTBOX.c.shown_from.desc(), OUTBOX.c.id.desc())).scalars()
        return [int(data["title"][1:3]) for data in rows]

    return db.read_now(read)


def test_a_row_of_an_older_release_still_has_a_line(browser: Any, db: Database, alice: str) -> None:
    db.write_now(post, "old", "due_soon", alice, now=real_time(), data={"path": "/somewhere"})
    assert ">Evidence is due soon</a>" in browser(alice).get("/notices").text


def test_every_letters_first_line_stands_alone() -> None:
    """It is the line of the notice in the product, rendered apart from the rest."""
    env = Pages((), str).env
    for name in env.list_templates(filter_func=lambda name: name.startswith("email/") and name.endswith(".txt")):
        source, _, _ = env.loader.get_source(env, name)  # type: ignore[union-attr]
        assert env.parse(source.partition("\n")[0]).body != [], name
