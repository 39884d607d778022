"""Extensions for many at once: whom one can choose, what is shown, that it is granted once, and how it ends."""

import threading
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from courses.cohorts.extensions import service
from courses.cohorts.extensions.choosing import ALL, Choice, several_page
from courses.cohorts.extensions.forms import ExtensionForm
from courses.cohorts.extensions.queries import extensions_page
from courses.cohorts.extensions.service import end_piece, grant_piece, pieces
from courses.cohorts.models import Extension, Section
from courses.enrolment.access import ENROLMENT, places
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE
from fourweek.accounts.models import Role
from fourweek.accounts.service import EMAIL
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories
from tests.courses.cohorts.running import a_lead, enrol, last_monday, rows
from tests.statements import statements
from tests.visits import Browser, forms

DAY = timedelta(days=1)
COURSEWORK = AssessmentsCoursework()


class School:
    """A cohort in its second week; module 1 was due yesterday or before, late work is taken for three days more."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = house.db.write_now(factories.course)
        self.cohort = house.db.write_now(lambda conn: factories.cohort(conn, self.made, last_monday()))
        names = ("Alice Brook", "Bert Brook", "Cora Ash")
        self.alice, self.bert, self.cora = (enrol(house, self.cohort, name)[1] for name in names)
        self.address = f"/staff/cohorts/{self.cohort}/extensions/new"
        self.list = f"/staff/cohorts/{self.cohort}/extensions"

    def due(self, enrolment: str, module: int = 4) -> datetime | None:
        (place,) = self.house.db.read_now(places, ENROLMENT.c.id == enrolment)
        return place.all_dates(real_time())[module - 1].due_at

    def granted(self) -> set[str]:
        return {row.enrolment_id for row in rows(self.house, Extension)}

    def acts(self, act: str) -> int:
        return [row.act for row in rows(self.house, AuditRow)].count(act)


@pytest.fixture
def school(house: House) -> School:
    return School(house)


@pytest.fixture
def lead(school: School, browser: Any) -> Browser:
    opened: Browser = browser(school.house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead"))
    return opened


def _shown(lead: Browser, school: School, **values: Any) -> Any:
    typed = {"module": "4", "how": "days", "days": "2", "reason": "A storm.", "act": "preview", "who": None}
    return lead.submit(school.address, school.address, **typed | values)


def _send(lead: Browser, school: School, shown: Any, act: str = "grant") -> Any:
    return lead.post(school.address, data=forms(shown.text)[school.address] | {"act": act})


def test_extending_is_for_those_who_run_the_cohort(school: School, browser: Any) -> None:
    db = school.house.db
    grader = db.write_now(factories.with_role, Role.GRADER, "Greta Grader", school.cohort)
    for path in (school.address, school.list):
        assert browser().get(path).headers["location"].startswith("/sign-in")
        for person, status in ((db.write_now(factories.person), 404), (grader, 403)):
            visitor = browser(person)
            token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
            assert visitor.get(path).status_code == status
            for to in ("new", "x/end", "x/pause", "batches/x/end"):
                sent = visitor.post(f"{school.list}/{to}", data={"form_token": token, "act": "grant", "reason": "Why."})
                assert sent.status_code == status, to
    assert rows(school.house, Extension) == []


def test_everybody_gets_it_once_it_was_shown(school: School, lead: Browser) -> None:
    before = [school.due(one) for one in (school.alice, school.cora)]
    shown = _shown(lead, school, whom="all")
    assert (shown.status_code, "Dates move for 3 of 3." in shown.text, "(was " in shown.text) == (200, True, True)
    assert school.granted() == set()
    answer = _send(lead, school, shown)
    assert (answer.status_code, answer.headers["location"]) == (303, school.list)
    after = [school.due(one) for one in (school.alice, school.cora)]
    assert [new - old for new, old in zip(after, before, strict=True) if new and old] == [2 * DAY, 2 * DAY]
    assert len({row.batch_id for row in rows(school.house, Extension)}) == 1
    assert ([row.kind for row in rows(school.house, OutboxMessage)], school.acts("extension.grant")) == (
        ["extension"] * 3,
        3,
    )
    page = lead.get(school.list).text
    assert ("Alice Brook. Module 4: 2 days more" in page, "A storm." in page, "Lena Lead" in page) == (True,) * 3


def test_grant_without_having_seen_what_moves_shows_it_first(school: School, lead: Browser) -> None:
    assert _shown(lead, school, whom="all", act="grant").status_code == 200
    shown = forms(_shown(lead, school, whom="all").text)[school.address]
    changed = lead.post(school.address, data={**shown, "days": "9", "act": "grant"})
    assert ("Something has changed" in changed.text, school.granted()) == (True, set())


def test_ticks_stay_across_pages(school: School, lead: Browser) -> None:
    for number in range(PER_PAGE):
        enrol(school.house, school.cohort, f"Zoe {number:02}")
    first = _shown(lead, school, who=[school.alice, school.cora], act="page:2")
    assert "2 ticked so far" in first.text
    form = forms(first.text)[school.address]
    zoe = form["shown"].split()[0]
    shown = lead.post(school.address, data={**form, "whom": "ticked", "module": "4", "who": [zoe], "act": "preview"})
    assert "Dates move for 3 of 3." in shown.text
    _send(lead, school, shown)
    assert school.granted() == {school.alice, school.cora, zoe}


def test_sections_those_behind_and_addresses(school: School, lead: Browser) -> None:
    section, house = new_id(), school.house

    def fill(conn: Connection) -> str:
        add(conn, Section(id=section, cohort_id=school.cohort, name="Evenings"))
        conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == school.bert).values(section_id=section))
        factories.submission(conn, school.made, school.alice, at=real_time() - 9 * DAY)
        person = conn.execute(ENROLMENT.select().where(ENROLMENT.c.id == school.cora)).one().person_id
        return str(conn.execute(EMAIL.select().where(EMAIL.c.person_id == person)).one().address)

    address = house.db.write_now(fill)

    def chosen(**values: str) -> set[str]:
        return set(forms(_shown(lead, school, **values).text)[school.address]["kept"].split())

    assert chosen(whom=f"section:{section}") == {school.bert}
    assert chosen(whom="behind:1") == {school.bert, school.cora}
    assert chosen(whom="addresses", addresses=f"Cora <{address.upper()}>;") == {school.cora}
    wrong = _shown(lead, school, whom="addresses", addresses=f"{address}, nobody@example.org")
    assert (wrong.status_code, "Nobody who takes part has nobody@example.org." in wrong.text) == (422, True)
    assert _shown(lead, school, whom="behind:4").status_code == 422
    assert _shown(lead, school).status_code == 422


def test_those_for_whom_nothing_moves_are_said_and_left_out(school: School, lead: Browser) -> None:
    later = (school.due(school.alice) or real_time()) + 2 * DAY
    own = Extension(
        id=new_id(),
        enrolment_id=school.bert,
        module_number=4,
        shift_days=9,
        reason="Ill.",
        granted_at=real_time() - DAY,
    )
    school.house.db.write_now(add, own)
    shown = _shown(lead, school, whom="all", how="date", due_on=later.date().isoformat(), due_time="12:00")
    assert "For 1 nothing moves; nothing is granted to them." in shown.text
    assert "It moves nothing for this person." in shown.text
    _send(lead, school, shown)
    assert [row.enrolment_id for row in rows(school.house, Extension)].count(school.bert) == 1


def test_form_sent_again_after_a_crash_finishes_what_was_begun(
    school: School, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PIECE", 1)
    shown = _shown(lead, school, whom="all")
    typed = ExtensionForm(**{k: v for k, v in forms(shown.text)[school.address].items() if k in _FIELDS})
    school.house.db.write_now(grant_piece, a_lead(school.house), school.cohort, (school.alice,), typed)
    for _ in range(2):
        assert _send(lead, school, shown).status_code == 303
    assert school.granted() == {school.alice, school.bert, school.cora}
    assert (len(rows(school.house, Extension)), len(rows(school.house, OutboxMessage))) == (3, 3)
    assert school.acts("extension.grant") == 3


def test_the_same_form_at_once_grants_once(school: School) -> None:
    typed, visitor = ExtensionForm(key=new_id(), days="7", reason="Storm."), a_lead(school.house)
    everybody, ready = (school.alice, school.bert, school.cora), threading.Barrier(4)

    def go() -> None:
        ready.wait()
        school.house.db.write_now(grant_piece, visitor, school.cohort, everybody, typed)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows(school.house, Extension)), len(rows(school.house, OutboxMessage))) == (3, 3)


def test_a_batch_is_undone_by_ending_each(school: School, lead: Browser) -> None:
    before = school.due(school.cora)
    _send(lead, school, _shown(lead, school, whom="all"))
    batch = rows(school.house, Extension)[0].batch_id
    end = f"{school.list}/batches/{batch}/end"
    page = lead.get(end).text
    assert ("Module 4: 2 days more, 3 people" in page, "(was " in page) == (True, True)
    assert lead.submit(end, end, reason=" ").status_code == 422
    assert lead.submit(end, end, reason="By mistake.").status_code == 303
    assert (school.due(school.cora), len(school.granted())) == (before, 3)
    assert {row.expires_at is None for row in rows(school.house, Extension)} == {False}
    assert (school.acts("extension.end"), len(rows(school.house, OutboxMessage))) == (3, 6)
    assert lead.get(end).status_code == 404
    assert "Ended" in lead.get(school.list).text
    again = school.house.db.write_now(end_piece, a_lead(school.house), school.cohort, [batch], "Again.")
    assert again == 0


def test_one_extension_is_ended(school: School, lead: Browser) -> None:
    _send(lead, school, _shown(lead, school, whom="all"))
    row = next(one for one in rows(school.house, Extension) if one.enrolment_id == school.bert)
    end = f"{school.list}/{row.id}/end"
    assert lead.submit(end, end, reason="By mistake.").status_code == 303
    assert {one.enrolment_id for one in rows(school.house, Extension) if one.expires_at} == {school.bert}
    assert lead.get(end.replace(school.cohort, "nowhere")).status_code == 404


def test_a_pause_without_an_end_is_ended_later(school: School, lead: Browser) -> None:
    today, before = real_time().date(), school.due(school.alice) or real_time()
    shown = _shown(lead, school, whom="all", how="pause", module="", pause_first=today.isoformat())
    assert _send(lead, school, shown).status_code == 303
    row = rows(school.house, Extension)[0]
    assert (row.pause_first, row.pause_last, school.due(school.alice)) == (today, None, before + DAY)
    action = f"{school.list}/{row.id}/pause"
    for _ in range(2):
        assert lead.submit(school.list, action).status_code in {303, 404} if _ == 0 else True
    kept = next(one for one in rows(school.house, Extension) if one.id == row.id)
    assert (kept.pause_last, kept.expires_at, school.acts("extension.end_pause")) == (today, None, 1)


@pytest.mark.parametrize(
    ("values", "moves"),
    [
        ({"how": "open"}, "opens"),
        ({"how": "days", "days": "3", "moves_opening": "1"}, "opens"),
        ({"how": "date", "closes_on": "next"}, ""),
        ({"how": "pause", "pause_first": "next", "pause_last": "next"}, "due"),
        ({"how": "days", "days": "-1", "allow_earlier": "1"}, "due"),
    ],
)
def test_every_kind_is_previewed(school: School, lead: Browser, values: dict[str, str], moves: str) -> None:
    soon = (real_time() + 2 * DAY).date().isoformat()
    given = {key: soon if value == "next" else value for key, value in values.items()}
    shown = _shown(lead, school, whom="all", **given)
    assert shown.status_code == 200
    assert f"{moves} " in shown.text.split("What moves")[1] if moves else "nothing moves" in shown.text


def test_an_extension_that_expires_gives_the_dates_back(school: School, lead: Browser) -> None:
    today = real_time().date()
    _send(lead, school, _shown(lead, school, whom="all", holds_until=today.isoformat()))
    row = rows(school.house, Extension)[0]
    assert row.expires_at == datetime.combine(today + DAY, time(0), row.expires_at.tzinfo)
    assert "Holds through" in lead.get(school.list).text
    assert any("Holds through" in say(line) for line in rows(school.house, OutboxMessage)[0].data["lines"])


def test_who_left_is_passed_over(school: School) -> None:
    gone = update(ENROLMENT).where(ENROLMENT.c.id == school.bert).values(state=EnrolmentState.WITHDRAWN)
    school.house.db.write_now(lambda conn: conn.execute(gone))
    typed = ExtensionForm(key=new_id(), days="7", reason="Storm.")
    done = school.house.db.write_now(
        grant_piece, a_lead(school.house), school.cohort, (school.alice, school.bert), typed
    )
    assert (done.given, school.granted()) == (1, {school.alice})


def test_pieces_are_short_and_keep_their_order() -> None:
    ids = [f"{n:03}" for n in range(230, 0, -1)]
    assert [len(piece) for piece in pieces([*ids, *ids])] == [100, 100, 30]
    assert [one for piece in pieces(ids) for one in piece] == sorted(ids)


def test_statements_do_not_grow_with_the_class(school: School) -> None:
    visitor, db = a_lead(school.house), school.house.db
    typed = Choice(ExtensionForm(key=new_id(), days="2", module="4", reason="Storm."), whom=ALL)
    counts = []
    for more in (0, 40):
        for number in range(more):
            enrol(school.house, school.cohort, f"Zoe {number:02}")
        with statements(db) as preview:
            db.read_now(several_page, visitor, school.cohort, COURSEWORK, typed, preview=1)
        with statements(db) as listed:
            db.read_now(extensions_page, visitor, school.cohort, 1)
        found = [one.enrolment_id for one in db.read_now(places, ENROLMENT.c.cohort_id == school.cohort)]
        again = ExtensionForm(key=new_id(), days="2", module="4", reason="Storm.")
        with statements(db) as granted:
            db.write_now(grant_piece, visitor, school.cohort, found, again)
        counts.append((preview.number, listed.number, granted.number))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 9


_FIELDS = set(ExtensionForm.__dataclass_fields__)
