"""A cohort planned like another one: the same rules, nothing of the term that is over."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from courses.announcements.models import Announcement
from courses.cohorts.clone.rules import Fate, Moving, moved_rules, moved_section, whole_weeks
from courses.cohorts.models import Cohort, EnrolmentWay, Extension, Section
from courses.enrolment.models import Enrolment
from courses.live.models import Attendance, LiveSession
from courses.schedule.terms import CohortRules, DateRange, KeptOpen, ModuleDates, SectionRules
from courses.schedule.walltime import WallTime
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id
from fourweek.edge import House
from tests import factories
from tests.courses.cohorts.running import enrol, rows
from tests.statements import statements
from tests.visits import Browser, forms

OLD, NEW = date(2026, 11, 2), date(2099, 11, 2)
WEEKS = (NEW - OLD).days // 7
MOST = 12
HOLIDAY = {"first": "2026-11-11", "last": "2026-11-11", "title": "Armistice"}
BREAK = {"first": "2026-11-16", "last": "2026-11-20", "title": "Autumn break"}


@pytest.fixture
def cohort(house: House) -> str:
    """Of last term, with everything that a cohort can have."""

    def make(conn: Connection) -> str:
        return factories.cohort(
            conn,
            factories.course(conn),
            OLD,
            zone="Europe/Berlin",
            capacity=20,
            waitlist=True,
            way=EnrolmentWay.APPROVAL,
            close_days=14,
            blackouts=[HOLIDAY],
            pauses=[BREAK],
            modules=[{"number": 2, "due_on": "2026-11-30", "late_days": 9}],
            instructors=[{"name": "Ida Rhodes", "background": "Engines."}],
            enrol_from=date(2026, 10, 1),
            enrol_until=date(2026, 11, 1),
            kept_open=[{"number": 1, "since": "2026-11-02T09:00"}],
            revision=3,
        )

    return house.db.write_now(make)


@pytest.fixture
def lead(house: House, browser: Any) -> Browser:
    opened: Browser = browser(house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def meeting(cohort: str, **changes: Any) -> LiveSession:
    values: dict[str, Any] = {
        "id": new_id(),
        "cohort_id": cohort,
        "title": "Clinic",
        "on": date(2026, 11, 5),
        "at": time(19),
        "minutes": 90,
        "module_number": 1,
        "join_url": "https://meet.example.org/secret",
        "recording_url": "https://meet.example.org/recording",
        "code": "ABC234",
        "required": True,
        "created_at": factories.BEFORE,
        "changed_at": factories.BEFORE,
        "revision": 4,
    }
    return LiveSession(**(values | changes))


def page_of(cohort: str) -> str:
    return f"/staff/cohorts/{cohort}/clone"


def show(lead: Browser, cohort: str, act: str = "preview", **values: str) -> Any:
    page = page_of(cohort)
    typed = {"name": "Next autumn", "start_date": NEW.isoformat(), "act": act} | values
    return lead.submit(page, page, **typed)


def create(lead: Browser, cohort: str, **values: str) -> Any:
    shown = show(lead, cohort, **values)
    assert shown.status_code == 200, shown.text
    return lead.post(page_of(cohort), data=forms(shown.text)[page_of(cohort)] | {"act": "create"})


def made(house: House, cohort: str) -> Any:
    (row,) = [one for one in rows(house, Cohort) if one.id != cohort]
    return row


def test_cloning_is_for_those_who_plan_cohorts(house: House, browser: Any, lead: Browser, cohort: str) -> None:
    alice, _ = enrol(house, cohort)
    stranger = house.db.write_now(factories.person, "Sam Stranger")
    grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", cohort)
    own_lead = house.db.write_now(factories.with_role, Role.LEAD, "Olga Own", cohort)
    assert browser().get(page_of(cohort)).headers["location"].startswith("/sign-in")
    for person, status in {alice: 404, stranger: 404, grader: 403, own_lead: 403}.items():
        visitor = browser(person)
        assert visitor.get(page_of(cohort)).status_code == status
        token = {"form_token": forms(visitor.get("/courses").text)["/sign-out"]["form_token"]}
        assert visitor.post(page_of(cohort), data=token | {"act": "create"}).status_code == status
    assert lead.get(page_of(cohort)).status_code == 200
    link = f'href="{page_of(cohort)}"'
    cohort_page = f"/staff/cohorts/{cohort}"
    assert (link in lead.get(cohort_page).text, link in browser(own_lead).get(cohort_page).text) == (True, False)


def test_rules_and_offsets_are_kept_and_dates_of_last_term_left_out(house: House, lead: Browser, cohort: str) -> None:
    answer = create(lead, cohort)
    row = made(house, cohort)
    assert answer.headers["location"] == f"/staff/cohorts/{row.id}"
    assert (row.name, row.start_date, row.zone, row.due_days, row.late_days, row.close_days) == (
        "Next autumn",
        NEW,
        "Europe/Berlin",
        6,
        3,
        14,
    )
    assert (row.capacity, row.waitlist, row.way, row.instructors) == (
        20,
        True,
        "approval",
        [{"name": "Ida Rhodes", "background": "Engines."}],
    )
    assert (row.blackouts, row.pauses, row.modules, row.kept_open) == ([], [], [{"number": 2, "late_days": 9}], [])
    assert (row.cloned_from, row.revision) == (cohort, 0)
    assert (row.enrol_from, row.enrol_until) == (
        date(2026, 10, 1) + timedelta(weeks=WEEKS),
        date(2026, 11, 1) + timedelta(weeks=WEEKS),
    )
    (audit,) = [one for one in rows(house, AuditRow) if one.act == "cohort.clone"]
    assert (audit.subject_id, audit.detail["cloned_from"]) == (row.id, cohort)


def test_dates_that_are_taken_along_move_by_whole_weeks_and_are_shown(house: House, lead: Browser, cohort: str) -> None:
    fates = {"blackouts": "move", "pauses": "move", "modules": "move", "window": "drop"}
    shown = show(lead, cohort, **fates)
    assert f"move {WEEKS} weeks on" in shown.text
    for words in ("Armistice: Wednesday 11 November 2099", "Module 2: due Monday 30 November 2099; 9 days for late"):
        assert words in shown.text
    assert "Days to enrol: left out" in shown.text
    assert len(rows(house, Cohort)) == 1
    create(lead, cohort, **fates)
    row = made(house, cohort)
    assert (row.blackouts[0]["first"], row.pauses[0]["last"], row.modules[0]["due_on"]) == (
        "2099-11-11",
        "2099-11-20",
        "2099-11-30",
    )
    assert (row.enrol_from, row.enrol_until) == (None, None)


def test_sections_and_sessions_come_along_without_links_codes_or_people(
    house: House, lead: Browser, cohort: str
) -> None:
    evenings = Section(id=new_id(), cohort_id=cohort, name="Evenings", shift_days=1, zone="America/New_York")
    evenings.start_date, evenings.revision = OLD + timedelta(days=7), 5
    house.db.write_now(add, evenings)
    called_off = factories.BEFORE
    for row in (meeting(cohort), meeting(cohort, section_id=evenings.id), meeting(cohort, cancelled_at=called_off)):
        house.db.write_now(add, row)
    shown = show(lead, cohort)
    assert ("Thursday 5 November 2099, 19:00 (Europe/Berlin)" in shown.text, "secret" in shown.text) == (True, False)
    assert "Thursday 5 November 2099, 19:00 (America/New_York)" in shown.text
    create(lead, cohort)
    new = made(house, cohort)
    (section,) = [one for one in rows(house, Section) if one.cohort_id == new.id]
    assert (section.name, section.shift_days, section.start_date, section.revision) == (
        "Evenings",
        1,
        NEW + timedelta(days=7),
        0,
    )
    sessions = [one for one in rows(house, LiveSession) if one.cohort_id == new.id]
    assert {one.section_id for one in sessions} == {None, section.id}
    assert {(one.on, one.at, one.minutes, one.required, one.module_number) for one in sessions} == {
        (date(2099, 11, 5), time(19), 90, True, 1)
    }
    assert {(one.join_url, one.recording_url, one.code, one.revision) for one in sessions} == {("", "", "", 0)}
    assert rows(house, Attendance) == []


def test_sections_that_stay_behind_take_their_sessions_with_them(house: House, lead: Browser, cohort: str) -> None:
    evenings = Section(id=new_id(), cohort_id=cohort, name="Evenings")
    house.db.write_now(add, evenings)
    house.db.write_now(add, meeting(cohort), meeting(cohort, section_id=evenings.id))
    page = page_of(cohort)
    values = forms(show(lead, cohort).text)[page]
    del values["sections"]
    again = lead.post(page, data=values | {"act": "create"})
    assert "Something has changed since this was shown." in again.text
    lead.post(page, data=forms(again.text)[page] | {"act": "create"})
    new = made(house, cohort)
    assert [one.section_id for one in rows(house, LiveSession) if one.cohort_id == new.id] == [None]
    assert len(rows(house, Section)) == 1


def test_people_and_what_was_said_stay_behind(house: House, lead: Browser, cohort: str) -> None:
    person, _ = enrol(house, cohort, module_number=2, shift_days=3)
    news = Announcement(
        id=new_id(),
        cohort_id=cohort,
        title="Hello",
        body="Welcome.",
        html="<p>Welcome.</p>",
        author_id=person,
        posted_at=factories.BEFORE,
    )
    house.db.write_now(add, news)
    create(lead, cohort)
    assert [len(rows(house, model)) for model in (Enrolment, Extension, Announcement)] == [1, 1, 1]


def test_a_form_sent_twice_makes_one_cohort(house: House, lead: Browser, cohort: str) -> None:
    house.db.write_now(add, meeting(cohort))
    values = forms(show(lead, cohort).text)[page_of(cohort)] | {"act": "create"}
    answers = {lead.post(page_of(cohort), data=values).headers["location"] for _ in range(2)}
    assert answers == {f"/staff/cohorts/{made(house, cohort).id}"}
    assert len(rows(house, LiveSession)) == 2


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": ""}, "The name is missing."),
        ({"start_date": "soon"}, "“soon” is not a date"),
        ({"start_date": "2026-11-02"}, "The first module would already be open."),
        ({"start_date": "9999-01-01"}, "The year must lie between 2000 and 2199."),
        ({"pauses": "keep"}, "Choose one of these."),
        ({"start_date": "2099-11-04", "modules": "move", "pauses": "move"}, None),
    ],
)
@pytest.mark.parametrize("act", ["preview", "create"])
def test_what_is_wrong_is_said(
    house: House, lead: Browser, cohort: str, values: dict[str, str], says: str | None, act: str
) -> None:
    answer = show(lead, cohort, act, **values)
    assert answer.status_code == (422 if says else 200)
    assert says is None or says in answer.text
    assert len(rows(house, Cohort)) == 1


def test_statements_do_not_grow_with_what_is_copied(house: House, lead: Browser, cohort: str) -> None:
    counts = []
    for number in (1, 20):
        for one in range(number):
            house.db.write_now(add, Section(id=new_id(), cohort_id=cohort, name=f"Section {number} {one}"))
            house.db.write_now(add, meeting(cohort))
        values = forms(show(lead, cohort).text)[page_of(cohort)]
        with statements(house.db) as shown:
            lead.post(page_of(cohort), data=values | {"act": "preview"})
        with statements(house.db) as kept:
            lead.post(page_of(cohort), data=values | {"act": "create"})
        counts.append((shown.number, kept.number))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST


def test_whole_weeks_are_the_nearest() -> None:
    assert [whole_weeks(OLD, OLD + timedelta(days=days)) for days in (0, 3, 4, 7, 180, -4)] == [0, 0, 1, 1, 26, -1]


def test_offsets_stay_and_dates_follow_their_fate() -> None:
    rules = CohortRules(
        OLD,
        "Europe/Berlin",
        4,
        late_days=2,
        blackouts=(DateRange(OLD, OLD),),
        modules=(ModuleDates(1, opens_time=time(7), due_on=OLD), ModuleDates(2, closes_on=OLD)),
        kept_open=(KeptOpen(1, WallTime(OLD, time(9))),),
    )
    later = OLD + timedelta(weeks=2)
    dropped = moved_rules(rules, later, Moving(2))
    assert dropped == CohortRules(later, "Europe/Berlin", 4, late_days=2, modules=(ModuleDates(1, opens_time=time(7)),))
    kept = moved_rules(rules, later, Moving(2, Fate.MOVE, Fate.MOVE, Fate.MOVE))
    assert kept.blackouts == (DateRange(later, later),)
    assert kept.modules == (ModuleDates(1, opens_time=time(7), due_on=later), ModuleDates(2, closes_on=later))
    section = SectionRules(shift_days=3, start_date=OLD, kept_open=rules.kept_open)
    assert moved_section(section, Moving(2)) == SectionRules(shift_days=3, start_date=later)
