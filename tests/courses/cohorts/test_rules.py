"""Changing the rules of a cohort, through its page: shown first, then kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.cohorts.models import Extension, Section
from courses.cohorts.rules.service import Kept, change_rules, rules_page
from courses.cohorts.rules.standing import standing
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories
from tests.courses.cohorts.running import COHORT, a_lead, enrol, last_monday, open_now, row_of, rows
from tests.statements import statements
from tests.visits import Browser, forms

MOST = 12


@pytest.fixture
def made(house: House) -> factories.MadeCourse:
    return house.db.write_now(factories.course)


@pytest.fixture
def cohort(house: House, made: factories.MadeCourse) -> str:
    """In its second week by the real clock, so that modules 1 and 2 are open."""
    return house.db.write_now(lambda conn: factories.cohort(conn, made, last_monday()))


@pytest.fixture
def lead(house: House, browser: Any) -> Browser:
    opened: Browser = browser(house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def address(cohort: str) -> str:
    return f"/staff/cohorts/{cohort}/rules"


def send(lead: Browser, cohort: str, act: str, **values: str) -> Any:
    page = address(cohort)
    return lead.submit(page, page, act=act, release_weekday="0", **values)


def keep(lead: Browser, cohort: str, **values: str) -> Any:
    """What a person does: look at what moves, then keep it."""
    shown = send(lead, cohort, "preview", **values)
    assert shown.status_code == 200, shown.text
    seen = forms(shown.text)[address(cohort)]
    return lead.post(address(cohort), data=seen | {"act": "save", "release_weekday": "0"})


def test_rules_are_for_those_who_run_the_cohort(house: House, browser: Any, cohort: str) -> None:
    alice, _ = enrol(house, cohort)
    stranger = house.db.write_now(factories.person, "Sam Stranger")
    grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", cohort)
    own_lead = house.db.write_now(factories.with_role, Role.LEAD, "Olga Own", cohort)
    assert browser().get(address(cohort)).headers["location"].startswith("/sign-in")
    for person, status in {alice: 404, stranger: 404, grader: 403, own_lead: 200}.items():
        visitor = browser(person)
        assert visitor.get(address(cohort)).status_code == status
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        answer = visitor.post(address(cohort), data={"form_token": token, "act": "preview"})
        assert answer.status_code == (422 if status == 200 else status)


def test_form_shows_the_rules_that_hold(lead: Browser, house: House, cohort: str) -> None:
    house.db.write_now(
        lambda conn: conn.execute(
            update(COHORT).values(
                pauses=[{"first": "2027-01-04", "last": "2027-01-08", "title": "Winter"}],
                modules=[{"number": 2, "due_on": "2027-02-01"}],
                instructors=[{"name": "Ida Instructor", "background": "Bridges."}],
                close_days=14,
            )
        )
    )
    shown = forms(lead.get(address(cohort)).text)[address(cohort)]
    wanted = {
        "start_date": last_monday().isoformat(),
        "release_time": "09:00",
        "due_time": "23:59",
        "close_days": "14",
        "pauses-0-first": "2027-01-04",
        "pauses-0-title": "Winter",
        "pauses-1-first": "",
        "modules-0-number": "2",
        "modules-0-due_on": "2027-02-01",
        "modules-0-opens_on": "",
        "instructors-0-background": "Bridges.",
        "pacing": "cohort",
        "way": "self",
        "mode": "self_paced",
        "place": "",
    }
    assert {name: shown[name] for name in wanted} == wanted


def test_more_rows_keep_what_was_typed_and_judge_nothing(lead: Browser, cohort: str) -> None:
    page = send(lead, cohort, "more:pauses", name="", **{"pauses-0-first": "soon"})
    shown = forms(page.text)[address(cohort)]
    assert (page.status_code, shown["pauses-0-first"], shown["pauses-4-first"]) == (200, "soon", "")
    assert "blackouts-1-first" not in shown
    assert "is missing" not in page.text


def test_what_moves_is_shown_and_nothing_kept(lead: Browser, house: House, cohort: str) -> None:
    enrol(house, cohort)
    page = send(lead, cohort, "preview", due_days="8")
    assert page.status_code == 200
    assert "Dates move for 1 person of 1." in page.text
    assert page.text.count('<span class="hint">was Sunday') == 4
    assert row_of(house, cohort).due_days == 6
    assert rows(house, OutboxMessage) == []


def test_keeping_writes_audit_revision_and_one_mail_each(lead: Browser, house: House, cohort: str) -> None:
    alice, one = enrol(house, cohort)
    bob, other = enrol(house, cohort, "Bob Reed")
    answer = keep(lead, cohort, due_days="8", name="Evenings")
    assert answer.headers["location"] == f"/staff/cohorts/{cohort}"
    row = row_of(house, cohort)
    assert (row.due_days, row.name, row.revision) == (8, "Evenings", 1)
    (audit,) = [found for found in rows(house, AuditRow) if found.act == "cohort.change"]
    assert audit.detail == {
        "before": {"name": "Autumn", "due_days": 6},
        "after": {"name": "Evenings", "due_days": 8},
    }
    mails = rows(house, OutboxMessage)
    assert {(mail.kind, mail.key, mail.person_id) for mail in mails} == {
        ("dates_moved", f"dates_moved:{cohort}:1:{one}", alice),
        ("dates_moved", f"dates_moved:{cohort}:1:{other}", bob),
    }
    (first, *_) = mails
    assert first.data["path"] == f"/cohorts/{cohort}"
    assert [say(line)[:8] for line in first.data["lines"]][-3:] == ["Module 2", "Module 3", "Module 4"]
    assert "opens" not in say(first.data["lines"][-1])


def test_what_was_seen_can_be_sent_twice(lead: Browser, house: House, cohort: str) -> None:
    enrol(house, cohort)
    shown = forms(send(lead, cohort, "preview", due_days="8").text)[address(cohort)]
    values = shown | {"act": "save", "release_weekday": "0"}
    answers = [lead.post(address(cohort), data=values).status_code for _ in range(2)]
    assert (answers, row_of(house, cohort).revision, len(rows(house, OutboxMessage))) == ([303, 303], 1, 1)


def test_a_change_without_dates_tells_nobody(lead: Browser, house: House, cohort: str) -> None:
    enrol(house, cohort)
    assert "No date moves" in send(lead, cohort, "preview", capacity="30", waitlist="1").text
    keep(lead, cohort, capacity="30", waitlist="1", way="approval", enrol_until=last_monday().isoformat())
    row = row_of(house, cohort)
    assert (row.capacity, row.waitlist, row.way, row.enrol_until, row.revision) == (
        30,
        True,
        "approval",
        last_monday(),
        0,
    )
    assert rows(house, OutboxMessage) == []


def test_a_cohort_is_kept_out_of_the_catalogue(lead: Browser, house: House, cohort: str) -> None:
    keep(lead, cohort, unlisted="1")
    assert not row_of(house, cohort).open_for_enrolment
    assert forms(lead.get(address(cohort)).text)[address(cohort)]["unlisted"] == "1"
    keep(lead, cohort, unlisted="")
    assert row_of(house, cohort).open_for_enrolment


def test_rules_that_changed_meanwhile_are_shown_again(lead: Browser, house: House, cohort: str) -> None:
    shown = forms(send(lead, cohort, "preview", due_days="8").text)[address(cohort)]
    keep(lead, cohort, due_days="7")
    answer = lead.post(address(cohort), data=shown | {"act": "save", "release_weekday": "0"})
    assert (answer.status_code, row_of(house, cohort).due_days) == (200, 7)
    assert "The rules have changed since they were shown." in answer.text


def test_saving_what_was_never_shown_shows_it(lead: Browser, house: House, cohort: str) -> None:
    answer = send(lead, cohort, "save", due_days="8")
    assert (answer.status_code, "What moves" in answer.text, row_of(house, cohort).due_days) == (200, True, 6)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"zone": "Mars"}, "is not a time zone name we know"),
        ({"pauses-0-first": "2027-01-09", "pauses-0-last": "2027-01-08"}, "The last day is before the first"),
        ({"modules-0-number": "9"}, "The module must be a whole number from 1 to 4."),
        ({"modules-0-number": "2"}, "Give at least one date of this module, or empty the row."),
        ({"modules-0-due_on": "2027-01-08"}, "The module is missing."),
        ({"enrol_until": "2099-01-01"}, "is after the last work is due"),
        ({"waitlist": "1"}, "A waiting list needs a number of places."),
        ({"pacing": "none"}, "Choose one of these."),
        ({"instructors-0-background": "Bridges."}, "The name is missing."),
    ],
)
@pytest.mark.parametrize("act", ["preview", "save"])
def test_what_is_wrong_is_said_beside_the_field_and_nothing_lost(
    lead: Browser, house: House, cohort: str, values: dict[str, str], says: str, act: str
) -> None:
    answer = send(lead, cohort, act, **(values | {"delivery": "<i>live</i>"}))
    assert (answer.status_code, says in answer.text) == (422, True)
    assert "&lt;i&gt;live&lt;/i&gt;" in answer.text
    name = next(iter(values))
    if name not in {"waitlist", "pacing"}:
        assert forms(answer.text)[address(cohort)][name] == values[name]
    assert row_of(house, cohort).revision == 0


def test_a_section_that_would_break_is_named(lead: Browser, house: House, cohort: str) -> None:
    row = Section(
        id=new_id(), cohort_id=cohort, name="Evenings", release_time=datetime(2026, 1, 1, 18, tzinfo=UTC).time()
    )
    house.db.write_now(add, row)
    answer = send(lead, cohort, "preview", due_days="0", due_time="12:00")
    assert answer.status_code == 422
    assert "Section Evenings: Module 1 would be due before it opens." in answer.text


def test_what_is_open_stays_open_for_everybody(lead: Browser, house: House, cohort: str) -> None:
    enrol(house, cohort)
    _, early = enrol(house, cohort, "Bob Reed", module_number=3, opens_all=True)
    _, ahead = enrol(house, cohort, "Cleo Ray", module_number=3, shift_days=-7, moves_opening=True, allow_earlier=True)
    before = open_now(house, cohort)
    assert [before[key][2] for key in (early, ahead)] == [True, True]
    later = (last_monday() + timedelta(days=28)).isoformat()
    page = send(lead, cohort, "preview", start_date=later)
    assert "Modules 1 and 2 are open already and stay open." in page.text
    keep(lead, cohort, start_date=later)
    assert open_now(house, cohort) == before
    kept = row_of(house, cohort).kept_open
    assert [one["number"] for one in kept] == [1, 2]
    (grant,) = [one for one in rows(house, Extension) if one.reason.startswith("It was open")]
    assert (grant.enrolment_id, grant.module_number, grant.opens_all) == (ahead, 3, True)


def test_going_over_to_ones_own_pace_locks_nothing(lead: Browser, house: House, cohort: str) -> None:
    def late(conn: Connection) -> str:
        return factories.enrol(conn, cohort, factories.person(conn, "Late Larry"), real_time() - timedelta(days=1))

    enrol(house, cohort)
    house.db.write_now(late)
    before = open_now(house, cohort)
    keep(lead, cohort, pacing="enrolment")
    after = open_now(house, cohort)
    assert all(now or not was for key, one in before.items() for was, now in zip(one, after[key], strict=True))


def test_what_is_past_and_what_gets_earlier_is_warned_of(lead: Browser, house: House, cohort: str) -> None:
    page = send(lead, cohort, "preview", due_days="0", due_time="10:00")
    assert "Work of module 3 would be due earlier." in page.text
    assert "Module 1" not in page.text.split("look twice")[1].split("</ul>")[0]


def test_those_for_whom_it_differs_are_named_and_capped(lead: Browser, house: House, cohort: str) -> None:
    enrol(house, cohort, "Alice Brook")
    for number in range(23):
        enrol(house, cohort, f"Extended {number:02d}", shift_days=2)
    page = send(lead, cohort, "preview", due_days="8").text
    assert "Dates move for 24 people of 24." in page
    assert (page.count("<caption>Extended "), "And 3 more." in page, "Alice Brook" in page) == (20, True, False)


def test_withdrawn_people_are_left_alone(lead: Browser, house: House, cohort: str) -> None:
    _, enrolment = enrol(house, cohort)
    house.db.write_now(
        lambda conn: conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == enrolment).values(state="withdrawn"))
    )
    keep(lead, cohort, due_days="8")
    assert rows(house, OutboxMessage) == []


def test_statements_do_not_grow_with_the_people(lead: Browser, house: House, cohort: str) -> None:
    visitor, counts = a_lead(house), []
    for number, days in ((1, "8"), (40, "9")):
        for one in range(number):
            enrol(house, cohort, f"Person {one}", shift_days=1)
        typed = house.db.read_now(lambda conn: rules_page(conn, visitor, cohort)).typed
        with statements(house.db) as shown:
            page = house.db.read_now(rules_page, visitor, cohort, _changed(typed, days), preview=True)
        with statements(house.db) as kept:
            assert house.db.write_now(change_rules, visitor, cohort, _changed(typed, days, page.seen)) == Kept()
        counts.append((shown.number, kept.number))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST


def _changed(typed: Any, days: str, seen: str = "") -> Any:

    return replace(typed, due_days=days, seen=seen)


def test_two_who_change_at_once_do_not_overwrite_each_other(house: House, cohort: str) -> None:
    visitor = a_lead(house)
    typed = house.db.read_now(rules_page, visitor, cohort).typed
    known = house.db.read_now(standing, visitor, cohort).known
    forms_typed = [_changed(typed, days, _changed(typed, days).fingerprint(known)) for days in ("7", "8")]
    barrier, kept = Barrier(2), []

    def change(form: Any) -> None:
        barrier.wait()
        kept.append(house.db.write_now(change_rules, visitor, cohort, form))

    threads = [Thread(target=change, args=(form,)) for form in forms_typed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept, key=bool) == [None, Kept()]
    assert row_of(house, cohort).revision == 1
