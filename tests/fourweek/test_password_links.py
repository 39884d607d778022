"""A first password by a link: made as its letter leaves, used once, worth nothing to anybody else."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import EmailAddress, PasswordHash, PasswordLink, Person
from fourweek.accounts.password_links import LASTS, NEEDED, LinkGone, new_link, set_password, with_password_links
from fourweek.accounts.service import add_person, clear_ended, digest
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.notices.service import choose, turn_mail_off
from fourweek.outbox import Letter, OutboxMessage, deliver, post
from tests import factories

ADDRESS, PASSWORD = "mary@example.org", "a quiet harbour at noon"
DEVICE = Device("", "a browser")


@pytest.fixture
def mary(house: House) -> str:
    """Somebody who was added without a password."""
    return house.db.write_now(
        add_person,
        address=ADDRESS,
        legal_name="Mary Shelley",
        password_hash=None,
        zone="UTC",
        now=factories.BEFORE,
        verified=False,
    )


def _link(house: House, ago: timedelta = timedelta()) -> str:
    token = house.db.write_now(new_link, ADDRESS, real_time() - ago)
    assert token is not None
    return token


def _rows(house: House, model: Any) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(table(model).select()).all()))


def test_a_link_that_never_was_is_nothing(mary: str, browser: Any) -> None:
    assert browser().get("/set-password/nothing").status_code == 404


def test_a_link_sets_the_first_password_and_signs_in(house: House, mary: str, browser: Any) -> None:
    address = f"/set-password/{_link(house)}"
    guest = browser()
    page = guest.get(f"{address}?next=/courses")
    assert ("Mary Shelley" in page.text, ADDRESS in page.text) == (True, True)
    answer = guest.submit(f"{address}?next=/courses", address, password=PASSWORD, password_again=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/courses")
    assert guest.get("/home").status_code == 200
    (kept,) = _rows(house, PasswordHash)
    assert (kept.person_id, house.passwords.check(PASSWORD, kept.hash)[0]) == (mary, True)
    assert [row.verified_at is not None for row in _rows(house, EmailAddress)] == [True]
    acts = [row.act for row in _rows(house, AuditRow) if row.subject_id == mary]
    assert acts == ["person.add", "password.set", "sign_in.open"]
    again = browser().get(address)
    assert (again.status_code, "This link no longer works" in again.text) == (410, True)
    assert 'href="/sign-in"><span>Sign in</span>' in again.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "short", "password_again": "short"}, "Use at least 12 characters"),
        ({"password": PASSWORD, "password_again": PASSWORD + "s"}, "This is not the same password."),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link(
    house: House, mary: str, browser: Any, typed: dict[str, str], says: str
) -> None:
    address = f"/set-password/{_link(house)}"
    answer = browser().submit(address, address, **typed)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert _rows(house, PasswordHash) == []
    assert browser().submit(address, address, password=PASSWORD, password_again=PASSWORD).status_code == 303


def test_a_link_ends_after_14_days_and_is_swept(house: House, mary: str, browser: Any) -> None:
    old, young = _link(house, LASTS), _link(house, LASTS - timedelta(minutes=1))
    assert browser().get(f"/set-password/{old}").status_code == 410
    assert browser().get(f"/set-password/{young}").status_code == 200
    house.db.write_now(clear_ended, real_time())
    assert [row.token_hash for row in _rows(house, PasswordLink)] == [digest(young)]


def test_a_disabled_person_has_no_link(house: House, mary: str, browser: Any) -> None:
    token = _link(house)
    house.db.write_now(lambda conn: conn.execute(update(table(Person)).values(disabled_at=real_time())))
    assert browser().get(f"/set-password/{token}").status_code == 404
    assert house.db.write_now(new_link, ADDRESS, real_time()) is None


def test_of_two_links_used_at_once_one_counts(house: House, mary: str) -> None:
    tokens = [_link(house), _link(house)] * 3
    ready = threading.Barrier(len(tokens))
    outcomes: list[str] = []

    def go(token: str) -> None:
        ready.wait()
        nobody = factories.visitor(at=real_time())
        try:
            house.db.write_now(set_password, nobody, token, f"hash {token}", lasts=LASTS, device=DEVICE)
        except LinkGone:
            outcomes.append("gone")
        except Exception as error:  # noqa: BLE001 said by the assertion below
            outcomes.append(repr(error))
        else:
            outcomes.append("set")

    threads = [threading.Thread(target=go, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone"] * 5 + ["set"]
    assert len(_rows(house, PasswordHash)) == 1


def test_the_letter_alone_holds_the_token(house: House, mary: str, browser: Any) -> None:
    sent: list[Letter] = []
    now = real_time()
    for number in (1, 2):
        data = {"needs_password": number == 1, "path": "/home"}
        house.db.write_now(post, f"invited:{number}", "enrolled", mary, now=now, data=data)
    assert deliver(house.db, with_password_links(house.db, sent.append), now) == 2
    (plain,) = (letter for letter in sent if not letter.data["needs_password"])
    (linked,) = (letter for letter in sent if letter.data["needs_password"])
    assert "password_path" not in plain.data
    assert browser().get(linked.data["password_path"]).status_code == 200
    token = linked.data["password_path"].rpartition("/")[2]
    kept = str(_rows(house, OutboxMessage)) + str(_rows(house, PasswordLink)) + str(_rows(house, AuditRow))
    assert token not in kept


def test_who_has_a_password_gets_no_link(house: House, mary: str) -> None:
    house.db.write_now(
        set_password, factories.visitor(at=real_time()), _link(house), "hash", lasts=LASTS, device=DEVICE
    )
    assert house.db.write_now(new_link, ADDRESS, real_time()) is None
    assert house.db.write_now(new_link, "nobody@example.org", real_time()) is None


def test_a_letter_with_a_link_leaves_whatever_was_turned_off(house: House, mary: str) -> None:
    sent: list[Letter] = []
    now, reader = real_time(), factories.visitor(mary, real_time())
    nothing: frozenset[str] = frozenset()
    house.db.write_now(_invite, mary, 1)
    house.db.write_now(choose, reader, nothing, nothing)
    house.db.write_now(_invite, mary, 2)
    deliver(house.db, with_password_links(house.db, sent.append), now + timedelta(minutes=1))
    assert ["password_path" in letter.data for letter in sent] == [True, True]
    assert [letter.unsubscribe for letter in sent] == ["", ""]


def test_a_letter_with_a_link_leaves_though_its_kind_is_turned_off_by_a_mail(house: House, mary: str) -> None:
    sent: list[Letter] = []
    house.db.write_now(post, "plain", "enrolled", mary, now=real_time(), data={"path": "/home"})
    deliver(house.db, sent.append, real_time())
    house.db.write_now(_invite, mary, 1)
    house.db.write_now(turn_mail_off, factories.visitor(at=real_time()), sent.pop().unsubscribe, "enrolled")
    house.db.write_now(_invite, mary, 2)
    house.db.write_now(post, "later", "enrolled", mary, now=real_time(), data={"path": "/home"})
    deliver(house.db, with_password_links(house.db, sent.append), real_time())
    assert ["password_path" in letter.data for letter in sent] == [True, True]


def _invite(conn: Connection, person_id: str, number: int) -> None:
    data = {NEEDED: True, "path": "/home"}
    post(conn, f"invited:{number}", "enrolled", person_id, now=real_time(), data=data)
