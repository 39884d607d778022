"""Authors make the rule of a series' badge: tried out first, then made; every rule stays readable."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.badges.queries import ACHIEVEMENT, AWARD
from assessments.stacking.awarding import award_series_badges
from assessments.stacking.models import StackKind
from assessments.stacking.queries import NAMED, RULE, rules_of
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.clock import Now, real_time
from fourweek.edge import House
from tests import factories as make
from tests.assessments.stacking.factories import NOW, MadeSeries, badge, rule, series
from tests.statements import statements
from tests.visits import Browser

PAGE, END = "/authoring/series/steps/badge", "/authoring/series/steps/badge/end"
SAID = {
    "kind": "some",
    "needed": "2",
    "months": "0",
    "name": "Walks <in> steps",
    "description": "Walks well.",
    "criteria": "Two steps.\n\nOf three.",
    "icon": "bridge",
    "valid_months": "24",
}


@pytest.fixture
def author(house: House, browser: Any) -> Browser:
    found: Browser = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Ada Author"))
    return found


def _all(house: House, *columns: Any) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(select(*columns)).all()))


def _codes(made: MadeSeries) -> list[str]:
    return [one.code for one in made.courses]


def test_guests_and_others_do_not_get_in(house: House, browser: Any) -> None:
    house.db.write_now(series)
    assert browser().get(PAGE).headers["location"] == f"/sign-in?next={PAGE}"
    lead = browser(house.db.write_now(make.with_role, Role.LEAD))
    token = lead.get("/notices/choices").text.split('name="form_token" value="')[1].split('"')[0]
    answers = [lead.get(PAGE), lead.post(PAGE, data={"form_token": token}), lead.post(END, data={"form_token": token})]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert _all(house, RULE) == []


def _preview(author: Browser, made: MadeSeries, **changes: Any) -> Any:
    return author.submit(PAGE, PAGE, courses=_codes(made), act="preview", **(SAID | changes))


def _seen(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def _make(author: Browser, made: MadeSeries, **changes: Any) -> Any:
    seen = _seen(_preview(author, made, **changes).text)
    return author.submit(PAGE, PAGE, courses=_codes(made), act="make", seen=seen, **(SAID | changes))


def test_a_rule_is_shown_with_whom_it_awards_before_it_holds(house: House, author: Browser) -> None:
    def given(conn: Connection) -> MadeSeries:
        made = series(conn)
        for name, places in (("Alice Brook", (0, 2)), ("Bob Marsh", (1,)), ("Cleo <b> Fen", (0, 1, 2))):
            person = make.person(conn, name)
            for place in places:
                badge(conn, made, place, person)
        return made

    made = house.db.write_now(given)
    with statements(house.db) as count:
        page = _preview(author, made)
    assert count.number <= 20  # of two pages
    assert page.status_code == 200
    for words in ("2 people", "Alice Brook", "Cleo &lt;b&gt; Fen", "Let this rule hold", "Walks &lt;in&gt; steps"):
        assert words in page.text
    assert "Bob Marsh" not in page.text
    assert _all(house, RULE) == []
    blind = author.submit(PAGE, PAGE, courses=_codes(made), act="make", seen="", **SAID)
    assert (blind.status_code, _all(house, RULE)) == (200, [])
    assert _make(author, made).status_code == 303
    (kept,), said = _all(house, RULE), _badge_of(house)
    assert (kept.number, kept.kind, kept.needed, kept.within_months) == (1, StackKind.SOME, 2, 0)
    assert (said.name, said.icon, said.valid_months, said.version_id) == ("Walks <in> steps", "bridge", 24, None)
    assert len(_all(house, NAMED)) == 3
    assert "series.rule" in [row.act for row in _all(house, ROW.c.act)]
    now = real_time()
    assert award_series_badges(house.db, house.settings, Now(real=now, school=now)) == 2


def _badge_of(house: House) -> Any:
    wanted = select(ACHIEVEMENT).where(ACHIEVEMENT.c.series_rule_id.is_not(None))
    return house.db.read_now(lambda conn: conn.execute(wanted).one())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"courses": []}, "Choose at least two courses."),
        ({"courses": ["other-1", "other-2"]}, "A course is not in the series any more."),
        ({"needed": "4"}, "Say a number from 2"),
        ({"months": "-1"}, "Say whole months"),
        ({"valid_months": "601"}, "Say whole months"),
        ({"name": ""}, "Say what the badge is called."),
        ({"criteria": " "}, "Say what it takes."),
        ({"description": "x" * 2001}, "at most 2000 are kept"),
        ({"icon": "skull"}, "Choose an icon."),
        ({"kind": "none"}, "Choose how many courses it takes."),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back(
    house: House, author: Browser, changes: dict[str, Any], words: str
) -> None:
    made = house.db.write_now(series)
    page = author.submit(PAGE, PAGE, **({"courses": _codes(made), "act": "preview"} | SAID | changes))
    assert (page.status_code, words in page.text) == (422, True)


def test_a_new_rule_takes_the_place_of_the_one_before_with_a_reason(house: House, author: Browser) -> None:
    made = house.db.write_now(series)
    assert _make(author, made).status_code == 303
    assert "Say why the rule changes" in _preview(author, made, months="12").text
    assert _make(author, made, kind="all", months="12", why="All three matter.").status_code == 303
    first, second = sorted(_all(house, RULE), key=lambda one: one.number)
    assert (first.number, second.number, second.needed, second.within_months) == (1, 2, 3, 12)
    page = author.get(PAGE).text
    assert "All of these courses within 12 months: Step 1, Step 2 and Step 3." in page
    assert ("All three matter." in page, "2 of these courses: Step 1" in page) == (True, True)


def test_two_authors_at_once(house: House, author: Browser) -> None:
    made = house.db.write_now(series)
    seen = _seen(_preview(author, made).text)
    house.db.write_now(rule, made)
    late = author.submit(PAGE, PAGE, courses=_codes(made), act="make", seen=seen, number="0", **SAID)
    assert (late.status_code, "Somebody changed the rule meanwhile" in late.text) == (409, True)
    assert ("Walks &lt;in&gt; steps" in late.text, 'name="number" value="1"' in late.text) == (True, True)
    assert len(_all(house, RULE)) == 1


def test_a_rule_is_ended_with_a_reason(house: House, author: Browser) -> None:
    made = house.db.write_now(series)
    house.db.write_now(rule, made, needed=1)
    house.db.write_now(lambda conn: badge(conn, made, 0, make.person(conn)))
    assert award_series_badges(house.db, house.settings, NOW) == 1
    house.db.write_now(lambda conn: badge(conn, made, 0, make.person(conn)))
    assert "Say why" in author.submit(PAGE, END, why_end="").text
    assert author.submit(PAGE, END, why_end="The series is over.").status_code == 303
    assert award_series_badges(house.db, house.settings, NOW) == 0
    assert len(_all(house, AWARD.c.id)) == 3
    newest = house.db.read_now(rules_of, made.id)[0]
    assert (newest.number, newest.ended, newest.achievement_id) == (2, True, "")
    page = author.get(PAGE).text
    assert ("The rule has ended" in page, END in page, "The series is over." in page) == (True, False, True)
