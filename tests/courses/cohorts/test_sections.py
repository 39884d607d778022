"""Sections of a cohort through their pages: rules of their own, and who is in them."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.cohorts.models import Extension, Section
from courses.cohorts.sections.members import members_page
from courses.cohorts.sections.service import keep_section, section_page, sections_page
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import Enrolment
from courses.live.models import LiveSession
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories
from tests.courses.cohorts.running import a_lead, enrol, last_monday, open_now, rows
from tests.statements import statements
from tests.visits import Browser, forms

MOST = 12


@pytest.fixture
def cohort(house: House) -> str:
    """In its second week by the real clock, so that modules 1 and 2 are open."""
    return house.db.write_now(lambda conn: factories.cohort(conn, factories.course(conn), last_monday()))


@pytest.fixture
def lead(house: House, browser: Any) -> Browser:
    opened: Browser = browser(house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def section(house: House, cohort: str, name: str = "Evenings", **rules: Any) -> str:
    row = Section(id=new_id(), cohort_id=cohort, name=name, **rules)
    house.db.write_now(add, row)
    return row.id


def join(house: House, enrolment: str, section_id: str) -> None:
    target = update(ENROLMENT).where(ENROLMENT.c.id == enrolment).values(section_id=section_id)
    house.db.write_now(lambda conn: conn.execute(target))


def section_of(house: House, enrolment: str) -> str | None:
    (row,) = [one for one in rows(house, Enrolment) if one.id == enrolment]
    found: str | None = row.section_id
    return found


def base(cohort: str) -> str:
    return f"/staff/cohorts/{cohort}/sections"


def keep(lead: Browser, page: str, **values: str) -> Any:
    """Look at what follows, then keep it."""
    shown = lead.submit(page, page, act="preview", **values)
    assert shown.status_code == 200, shown.text
    return lead.post(page, data=forms(shown.text)[page] | {"act": "save"})


def move(lead: Browser, cohort: str, who: list[str], to: str) -> Any:
    page = f"{base(cohort)}/people"
    values = forms(lead.get(page).text)[page] | {"who": who, "to": to}
    shown = lead.post(page, data=values | {"act": "preview"})
    assert shown.status_code == 200, shown.text
    return lead.post(page, data=values | {"seen": forms(shown.text)[page]["seen"], "act": "move"})


def test_sections_are_for_those_who_run_the_cohort(house: House, browser: Any, cohort: str) -> None:
    alice, _ = enrol(house, cohort)
    one = section(house, cohort)
    stranger = house.db.write_now(factories.person, "Sam Stranger")
    grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", cohort)
    own_lead = house.db.write_now(factories.with_role, Role.LEAD, "Olga Own", cohort)
    for page in (base(cohort), f"{base(cohort)}/new", f"{base(cohort)}/people", f"{base(cohort)}/{one}"):
        assert browser().get(page).headers["location"].startswith("/sign-in")
        for person, status in {alice: 404, stranger: 404, grader: 403, own_lead: 200}.items():
            assert browser(person).get(page).status_code == status
    for person, status in {alice: 404, grader: 403}.items():
        visitor = browser(person)
        token = {"form_token": forms(visitor.get("/courses").text)["/sign-out"]["form_token"]}
        for page in (f"{base(cohort)}/new", f"{base(cohort)}/people", f"{base(cohort)}/{one}/remove"):
            assert visitor.post(page, data=token).status_code == status


def test_a_section_of_another_cohort_is_not_there(house: House, lead: Browser, cohort: str) -> None:
    other = house.db.write_now(lambda conn: factories.cohort(conn, factories.course(conn)))
    foreign = section(house, other)
    assert lead.get(f"{base(cohort)}/{foreign}").status_code == 404
    token = forms(lead.get(f"{base(cohort)}/new").text)[f"{base(cohort)}/new"]["form_token"]
    assert lead.post(f"{base(cohort)}/{foreign}/remove", data={"form_token": token}).status_code == 404


def test_a_new_section_is_kept_once_its_dates_were_seen(house: House, lead: Browser, cohort: str) -> None:
    page = f"{base(cohort)}/new"
    first = lead.submit(page, page, act="save", name="Evenings", shift_days="1")
    assert (first.status_code, "These dates follow" in first.text, rows(house, Section)) == (200, True, [])
    values = forms(first.text)[page] | {"act": "save"}
    answers = [lead.post(page, data=values).headers["location"] for _ in range(2)]
    (row,) = rows(house, Section)
    assert answers == [base(cohort)] * 2
    assert (row.cohort_id, row.name, row.shift_days, row.due_days, row.zone) == (cohort, "Evenings", 1, None, None)
    assert [one.act for one in rows(house, AuditRow) if one.subject_id == row.id] == ["section.create"]
    listed = lead.get(base(cohort)).text
    assert ("Evenings" in listed, "0 people · Dates of its own" in listed) == (True, True)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": ""}, "The name is missing."),
        ({"name": "Taken"}, "This cohort has a section of that name already."),
        ({"name": "A", "zone": "Mars"}, "is not a time zone name we know"),
        ({"name": "A", "shift_days": "400"}, "The shift must be a whole number from -366 to 366."),
        ({"name": "A", "due_days": "0", "due_time": "08:00"}, "Module 1 would be due before it opens."),
        (
            {"name": "A", "modules-0-number": "9", "modules-0-due_on": "2027-01-01"},
            "number from 1 to 4",
        ),
    ],
)
@pytest.mark.parametrize("act", ["preview", "save"])
def test_what_is_wrong_is_said_and_nothing_lost(
    house: House, lead: Browser, cohort: str, values: dict[str, str], says: str, act: str
) -> None:
    section(house, cohort, "Taken")
    page = f"{base(cohort)}/new"
    answer = lead.submit(page, page, act=act, **values)
    assert (answer.status_code, says in answer.text, len(rows(house, Section))) == (422, True, 1)
    shown = forms(answer.text)[page]
    assert {name: shown[name] for name in values} == values


def test_changing_a_section_moves_its_people_alone(house: House, lead: Browser, cohort: str) -> None:
    one = section(house, cohort)
    alice, inside = enrol(house, cohort)
    enrol(house, cohort, "Bob Reed")
    join(house, inside, one)
    page = f"{base(cohort)}/{one}"
    shown = lead.submit(page, page, act="preview", shift_days="7")
    assert "Dates move for 1 person of 1." in shown.text
    assert "Module 2 is open already and stays open." in shown.text
    keep(lead, page, shift_days="7", name="Late evenings")
    (row,) = rows(house, Section)
    assert (row.shift_days, row.name, row.revision) == (7, "Late evenings", 1)
    (mail,) = rows(house, OutboxMessage)
    assert (mail.kind, mail.key, mail.person_id) == ("dates_moved", f"dates_moved:{one}:1:{inside}", alice)
    assert open_now(house, cohort)[inside] == [True, True, False, False]
    (audit,) = [found for found in rows(house, AuditRow) if found.act == "section.change"]
    assert audit.detail["after"] == {"name": "Late evenings", "shift_days": 7}


def test_renaming_moves_nothing(house: House, lead: Browser, cohort: str) -> None:
    one = section(house, cohort, shift_days=1)
    _, inside = enrol(house, cohort)
    join(house, inside, one)
    keep(lead, f"{base(cohort)}/{one}", name="Nights")
    (row,) = rows(house, Section)
    assert (row.name, row.revision, rows(house, OutboxMessage)) == ("Nights", 0, [])


def test_only_an_empty_section_is_removed(house: House, lead: Browser, cohort: str) -> None:
    one = section(house, cohort)
    _, inside = enrol(house, cohort)
    join(house, inside, one)
    assert "Remove the section" not in lead.get(f"{base(cohort)}/{one}").text
    token = {"form_token": forms(lead.get(f"{base(cohort)}/{one}").text)[f"{base(cohort)}/{one}"]["form_token"]}
    refused = lead.post(f"{base(cohort)}/{one}/remove", data=token)
    assert (refused.status_code, "There are people in this section." in refused.text) == (409, True)
    left = update(ENROLMENT).values(state="withdrawn")
    house.db.write_now(lambda conn: conn.execute(left))
    assert lead.submit(f"{base(cohort)}/{one}", f"{base(cohort)}/{one}/remove").status_code == 303
    assert (rows(house, Section), section_of(house, inside)) == ([], None)
    assert "section.remove" in [found.act for found in rows(house, AuditRow)]


def test_a_section_with_live_sessions_stays(house: House, lead: Browser, cohort: str) -> None:
    one, at = section(house, cohort), real_time()
    meeting = LiveSession(
        id=new_id(),
        cohort_id=cohort,
        section_id=one,
        title="Clinic",
        on=at.date(),
        at=at.time().replace(microsecond=0),
        minutes=60,
        created_at=at,
        changed_at=at,
    )
    house.db.write_now(add, meeting)
    refused = lead.submit(f"{base(cohort)}/{one}", f"{base(cohort)}/{one}/remove")
    assert (refused.status_code, len(rows(house, Section))) == (409, 1)


def test_people_are_moved_once_their_dates_were_seen(house: House, lead: Browser, cohort: str) -> None:
    one = section(house, cohort, shift_days=7)
    alice, first = enrol(house, cohort)
    _, second = enrol(house, cohort, "Bob Reed")
    before = open_now(house, cohort)
    assert move(lead, cohort, [first], one).status_code == 303
    assert (section_of(house, first), section_of(house, second)) == (one, None)
    assert open_now(house, cohort) == before
    (mail,) = rows(house, OutboxMessage)
    assert (mail.kind, mail.person_id, "was" in "".join(map(say, mail.data["lines"]))) == ("dates_moved", alice, False)
    assert [grant.module_number for grant in rows(house, Extension)] == [2]
    (audit,) = [found for found in rows(house, AuditRow) if found.act == "section.move"]
    assert audit.detail == {"to": one, "from": {first: None}}
    move(lead, cohort, [first], "none")
    assert (section_of(house, first), open_now(house, cohort)) == (None, before)


def test_moving_shows_old_and_new_dates_first(house: House, lead: Browser, cohort: str) -> None:
    one = section(house, cohort, shift_days=7)
    _, first = enrol(house, cohort)
    page = f"{base(cohort)}/people"
    values = forms(lead.get(page).text)[page] | {"who": [first], "to": one}
    shown = lead.post(page, data=values | {"act": "move"})
    assert (shown.status_code, "3 Week 3 in public" in shown.text, "was Monday" in shown.text) == (200, True, True)
    assert section_of(house, first) is None
    seen = forms(shown.text)[page]["seen"]
    keep(lead, f"{base(cohort)}/{one}", shift_days="6")
    stale = lead.post(page, data=values | {"act": "move", "seen": seen})
    assert (stale.status_code, "Something has changed" in stale.text, section_of(house, first)) == (200, True, None)


def test_moving_needs_people_and_a_section(house: House, lead: Browser, cohort: str) -> None:
    other = house.db.write_now(lambda conn: factories.cohort(conn, factories.course(conn)))
    _, foreign = enrol(house, other, "Zoe Zeal")
    _, first = enrol(house, cohort)
    strange = section(house, other)
    page = f"{base(cohort)}/people"
    values = forms(lead.get(page).text)[page]
    for who, to, says in (
        ([], "none", "Choose at least one person."),
        ([first], strange, "Choose a section."),
        ([foreign], "none", "Somebody chosen is no longer in this cohort."),
    ):
        answer = lead.post(page, data=values | {"who": who, "to": to, "act": "move"})
        assert (answer.status_code, says in answer.text) == (422, True)
    assert section_of(house, foreign) is None


def test_statements_do_not_grow_with_sections_and_people(house: House, cohort: str) -> None:
    visitor, one, counts = a_lead(house), section(house, cohort), []
    for number in (1, 30):
        for place in range(number):
            _, inside = enrol(house, cohort, f"Person {number} {place}")
            join(house, inside, one)
            section(house, cohort, f"Section {number} {place}")
        with statements(house.db) as listed:
            house.db.read_now(sections_page, visitor, cohort)
        with statements(house.db) as people:
            house.db.read_now(members_page, visitor, cohort, 1)
        typed = house.db.read_now(section_page, visitor, cohort, one).typed
        typed = replace(typed, shift_days=str(number))
        with statements(house.db) as shown:
            page = house.db.read_now(section_page, visitor, cohort, one, typed, preview=True)
        typed = replace(typed, seen=page.seen)
        with statements(house.db) as kept:
            assert house.db.write_now(keep_section, visitor, cohort, one, typed)
        counts.append((listed.number, people.number, shown.number, kept.number))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST


def test_two_sections_of_one_name_are_never_made_at_once(house: House, cohort: str) -> None:
    visitor = a_lead(house)
    typed = []
    for _ in range(2):
        form = house.db.read_now(section_page, visitor, cohort).typed
        form = replace(form, name="Evenings")
        page = house.db.read_now(section_page, visitor, cohort, "", form, preview=True)
        typed.append(replace(form, seen=page.seen))
    barrier = Barrier(2)

    def create(form: Any) -> None:
        barrier.wait()
        try:
            house.db.write_now(keep_section, visitor, cohort, "", form)
        except Exception as error:  # noqa: BLE001 looked at below
            failed.append(type(error).__name__)

    failed: list[str] = []
    threads = [Thread(target=create, args=(form,)) for form in typed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows(house, Section)), failed) == (1, ["Invalid"])


def test_a_late_joiner_of_a_section_that_starts_later_is_not_late(house: House, lead: Browser, cohort: str) -> None:
    def late(conn: Connection) -> str:
        return factories.enrol(conn, cohort, factories.person(conn, "Late Larry"), real_time())

    enrolment = house.db.write_now(late)
    one = section(house, cohort, start_date=last_monday() + timedelta(days=28))
    move(lead, cohort, [enrolment], one)
    assert open_now(house, cohort)[enrolment] == [True, True, False, False]
