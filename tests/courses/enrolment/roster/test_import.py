"""Importing people from a table, through the page: checked first, all or nothing, again without effect."""

import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from courses.cohorts.models import Section
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.enrolment.roster.importing import Order, check_import, run_import
from courses.enrolment.roster.plan import Purpose
from courses.enrolment.service import withdraw
from fourweek.accounts.models import PasswordHash, Person, Role
from fourweek.accounts.password_links import with_password_links
from fourweek.accounts.service import EMAIL
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.errors import Conflict
from fourweek.mail import sender
from fourweek.outbox import OutboxMessage, deliver
from fourweek.pages import Pages
from tests import factories
from tests.courses.enrolment.cohorts import Desk, send
from tests.statements import statements
from tests.visits import Browser, forms

TABLE = "name;email;section\nAda Byron;Ada@Example.org;\nIda Rhodes;ida@example.org;Evenings\n"


@pytest.fixture
def desk(house: House) -> Desk:
    made = Desk(house, capacity=10, zone="Europe/Berlin")
    made.write(add, Section(id=new_id(), cohort_id=made.cohort, name="Evenings", shift_days=7))
    return made


def check(browser: Browser, desk: Desk, rows: str, **more: Any) -> Any:
    page = f"{desk.roster}/import"
    return browser.submit(page, page, rows=rows, act="check", **more)


def carry_out(browser: Browser, desk: Desk, checked: Any, **changes: Any) -> Any:
    """Press the button of the page that a check showed."""
    page = f"{desk.roster}/import"
    return browser.post(page, data=forms(checked.text)[page] | {"act": "import"} | changes)


def test_import_is_for_those_who_run_the_cohort(house: House, desk: Desk, browser: Any) -> None:
    page = f"{desk.roster}/import"
    assert browser().get(page).headers["location"].startswith("/sign-in")
    stranger, learner = desk.person("Sam Stranger"), desk.person("Lea Learner")
    desk.fill(learner)
    grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", desk.cohort)
    for person, status in ((stranger, 404), (learner, 404), (grader, 403)):
        visitor = browser(person)
        assert visitor.get(page).status_code == status
        assert send(visitor, page, rows=TABLE, act="import", seen="x").status_code == status
    assert len(desk.active) == 1


def test_a_table_is_checked_then_imported(house: House, desk: Desk, browser: Any) -> None:
    lead = browser(desk.lead)
    known = desk.write(factories.person, "Ida Rhodes")
    move = EMAIL.update().where(EMAIL.c.person_id == known).values(address="ida@example.org")
    desk.write(lambda conn: conn.execute(move))
    desk.write(add, PasswordHash(person_id=known, hash="hash", changed_at=factories.BEFORE))
    checked = check(lead, desk, TABLE)
    assert checked.status_code == 200
    for words in (
        "New here; a mail brings a link to set a password",
        "Known here",
        "Enrol 2 people",
        "ada@example.org",
    ):
        assert words in checked.text
    assert (len(desk.rows(Person)), desk.active) == (2, [])
    answer = carry_out(lead, desk, checked)
    assert (answer.status_code, answer.headers["location"]) == (303, desk.roster)
    enrolled = {one.person_id: one for one in desk.rows(Enrolment)}
    (ada,) = (one for one in desk.rows(Person) if one.legal_name == "Ada Byron")
    assert set(enrolled) == {ada.id, known}
    assert [enrolled[ada.id].section_id is None, enrolled[known].section_id is None] == [True, False]
    assert (ada.zone, ada.display_name) == ("Europe/Berlin", "Ada Byron")
    wanted = EMAIL.select().where(EMAIL.c.person_id == ada.id)
    address = house.db.read_now(lambda conn: conn.execute(wanted).one())
    assert (address.address, address.verified_at) == ("ada@example.org", None)
    acts = Counter(one.act for one in desk.rows(AuditRow) if one.actor_id == desk.lead)
    assert acts == {"person.add": 1, "enrolment.enrol": 2}
    send_mail = with_password_links(house.db, sender(house.settings, Pages((), str)))
    assert deliver(house.db, send_mail, real_time()) == 2
    letters = [path.read_text("utf-8") for path in house.settings.mail.glob("*.eml")]
    (with_link,) = [text for text in letters if "/set-password/" in text]
    assert len(letters) == 2
    assert "To: ada@example.org" in with_link


def test_importing_again_changes_nothing(desk: Desk, browser: Any) -> None:
    lead = browser(desk.lead)
    checked = check(lead, desk, TABLE)
    carry_out(lead, desk, checked)
    before = (desk.rows(Enrolment), desk.rows(Person), desk.rows(OutboxMessage))
    twice = carry_out(lead, desk, checked)
    assert (twice.status_code, "everybody in this table is here already" in twice.text) == (200, True)
    again = check(lead, desk, TABLE)
    assert "Has a place already; nothing changes" in again.text
    assert 'value="import"' not in again.text
    assert (desk.rows(Enrolment), desk.rows(Person), desk.rows(OutboxMessage)) == before


def test_one_wrong_row_keeps_everybody_out(desk: Desk, browser: Any) -> None:
    lead = browser(desk.lead)
    wrong = TABLE + "Eve <b>;eve;\nBob Stone;bob@example.org;Mornings\nAda;ada@example.org;\n"
    checked = check(lead, desk, wrong)
    assert checked.status_code == 422
    for words in ("“eve” is no e-mail address.", "The cohort has no section “Mornings”.", "stands in row 2"):
        assert words in checked.text
    assert "Eve &lt;b&gt;" in checked.text
    assert 'value="import"' not in checked.text
    assert carry_out(lead, desk, checked).status_code == 422
    assert (desk.active, len(desk.rows(Person))) == ([], 1)


def test_a_file_is_taken_as_well(desk: Desk, browser: Any) -> None:
    lead, page = browser(desk.lead), f"{desk.roster}/import"
    file = ("people.csv", b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode(), "text/csv")
    checked = lead.submit(page, page, files={"file": file}, act="check")
    assert "Enrol 2 people" in checked.text
    assert carry_out(lead, desk, checked).status_code == 303
    assert len(desk.active) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("name,email\nÁda,ada@example.org\n".encode("latin-1"), "not in UTF-8"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
        (b"name,section\nAda,A\n", "No column is called “email”."),
        (b"", "There is nobody in this table."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(desk: Desk, browser: Any, data: bytes, says: str) -> None:
    lead, page = browser(desk.lead), f"{desk.roster}/import"
    answer = lead.submit(page, page, files={"file": ("people.csv", data, "text/csv")}, act="check", purpose="invite")
    assert (answer.status_code, says in answer.text) == (422, True)
    assert 'value="invite" checked' in answer.text


def test_what_was_checked_is_what_is_imported(desk: Desk, browser: Any) -> None:
    """Rows changed after the check, or a cohort that changed meanwhile, are shown once more."""
    lead = browser(desk.lead)
    checked = check(lead, desk, TABLE)
    other = carry_out(lead, desk, checked, rows=TABLE + "Eve Moneypenny;eve@example.org;\n")
    assert ("Something has changed since you checked." in other.text, "Enrol 3 people" in other.text) == (True, True)
    desk.change(capacity=1)
    full = carry_out(lead, desk, checked)
    assert (full.status_code, "There is no place left for this row." in full.text) == (422, True)
    assert desk.active == []
    beyond = check(lead, desk, TABLE, beyond="1")
    assert carry_out(lead, desk, beyond).status_code == 303
    assert len(desk.active) == 2


def test_people_of_a_table_are_invited(house: House, desk: Desk, browser: Any) -> None:
    lead = browser(desk.lead)
    checked = check(lead, desk, TABLE, purpose="invite")
    assert "Invite 2 people" in checked.text
    assert carry_out(lead, desk, checked).status_code == 303
    assert desk.active == []
    assert [(kind, state) for _, kind, state in desk.requests_made] == [("invitation", "open")] * 2
    send_mail = with_password_links(house.db, sender(house.settings, Pages((), str)))
    assert deliver(house.db, send_mail, real_time()) == 2
    (letter, _) = (path.read_text("utf-8") for path in house.settings.mail.glob("*.eml"))
    assert ("Subject: You are invited: Running a Reliable Service" in letter, "/set-password/" in letter) == (
        True,
        True,
    )
    assert "Is invited already; nothing changes" in check(lead, desk, TABLE, purpose="invite").text
    ida = desk.requests_made[1][0]
    assert "Accept and enrol" in browser(ida).get(desk.join).text
    carry_out(lead, desk, check(lead, desk, TABLE))
    assert len(desk.active) == 2
    assert {state for _, _, state in desk.requests_made} == {"accepted"}


def test_who_withdrew_comes_back_by_the_table(desk: Desk, browser: Any) -> None:
    lead = browser(desk.lead)
    carry_out(lead, desk, check(lead, desk, TABLE))
    person = desk.active[0]
    desk.write(withdraw, desk.visitor(person), desk.cohort)
    checked = check(lead, desk, TABLE)
    assert ("Had a place and comes back" in checked.text, "Enrol 1 person" in checked.text) == (True, True)
    carry_out(lead, desk, checked)
    assert [one.state for one in desk.rows(Enrolment)] == [EnrolmentState.ACTIVE] * 2


def test_two_at_once_make_everybody_once(house: House, desk: Desk) -> None:
    """Two leads of two cohorts add the same unknown people at the same moment."""
    other = Desk(house)
    plain = Order(TABLE.replace(";Evenings", ";"))
    plans = [(one, one.write(check_import, one.staff, one.cohort, plain)) for one in (desk, other)]
    ready, outcomes = threading.Barrier(4), Counter[str]()

    def go(which: Desk, seen: str) -> None:
        ready.wait()
        try:
            ended = which.write(run_import, which.staff, which.cohort, replace(plain, seen=seen))
            outcomes[str(ended.done)] += 1
        except Conflict:
            outcomes["conflict"] += 1

    threads = [threading.Thread(target=go, args=(which, plan.fingerprint)) for which, plan in plans * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes["True"] == 1
    assert sorted(one.legal_name for one in desk.rows(Person)) == ["Ada Byron", "Ida Rhodes", "Lena Lead", "Lena Lead"]
    assert len(desk.active) == 2


def test_statements_do_not_grow_with_the_rows(house: House, desk: Desk) -> None:
    def table_of(first: int, count: int) -> Order:
        rows = "".join(f"Person {n},p{n}@example.org\n" for n in range(first, first + count))
        return Order(f"name,email\n{rows}", purpose=Purpose.ENROL, beyond=True)

    counts = []
    for order in (table_of(0, 2), table_of(100, 300)):
        plan = desk.write(check_import, desk.staff, desk.cohort, order)
        with statements(house.db) as count:
            assert desk.write(run_import, desk.staff, desk.cohort, replace(order, seen=plan.fingerprint)).done
        counts.append(count.number)
    assert counts[1] - counts[0] <= 6  # long inserts are sent in a few parts
    assert len(desk.active) == 302


def test_a_cohort_that_is_over_takes_nobody(house: House, browser: Any) -> None:
    desk = Desk(house, start=factories.MONDAY.replace(year=2024))
    lead = browser(desk.lead)
    assert carry_out(lead, desk, check(lead, desk, "name,email\nAda Byron,ada@example.org\n")).status_code == 409
    assert desk.active == []
