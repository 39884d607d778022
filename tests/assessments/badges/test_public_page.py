"""How the public page of an award says how it stands, what its earner chose, and when it was checked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.awards.models import AwardChoice, HolderShown
from assessments.badges import desk as desks
from assessments.badges.public_page import initials, last_day
from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from assessments.badges.shown import CHECK
from fourweek.database import add, new_id
from fourweek.edge import House
from tests.assessments.badges.factories import Awarded, awarded
from tests.assessments.credit.factories import NOW

TOMORROW = NOW.real + timedelta(days=1)


@pytest.fixture
def badge(house: House) -> Awarded:
    return awarded(house, "Amara Ngozi Okonkwo")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The real clock as the desk reads it: the last entry is now."""
    hands = [TOMORROW]
    monkeypatch.setattr(desks, "real_time", lambda: hands[-1])
    return hands


def _say(house: House, badge: Awarded, **values: Any) -> None:
    house.db.write_now(Connection.execute, update(AWARD).where(AWARD.c.id == badge.award_id).values(values))


def _choose(house: House, badge: Awarded, **values: Any) -> None:
    row = AwardChoice(award_id=badge.award_id, changed_at=NOW.real, **values)
    house.db.write_now(add, row)


def _checks(house: House) -> list[tuple[datetime, str]]:
    return [
        tuple(row) for row in house.db.read_now(lambda conn: conn.execute(select(CHECK.c.checked_at, CHECK.c.mark)))
    ]


def test_a_page_that_holds_says_so_and_when_it_was_checked(badge: Awarded, house: House, browser: Any) -> None:
    page = browser().get(f"/badges/{badge.slug}").text
    assert 'class="notice standing tone-good"' in page
    assert "Test Institute signed it, nothing in it was changed, and it was not revoked." in page
    assert page.count("Sunday 13 December 2026") >= 2
    assert [at for at, _ in _checks(house)] == [TOMORROW]


def test_a_revoked_badge_stays_and_says_when_and_why(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    guest.get(f"/badges/{badge.slug}")
    _say(house, badge, revoked_at=datetime(2026, 12, 7, 9, tzinfo=UTC), revoked_why="The evidence was bought.")
    answer = guest.get(f"/badges/{badge.slug}")
    assert answer.status_code == 200
    said = "Test Institute revoked this badge on Monday 7 December 2026 (UTC). Reason: The evidence was bought."
    assert said in answer.text
    assert ("standing tone-bad" in answer.text, "is-revoked" in answer.text) == (True, True)
    assert "<title>Revoked: Runs a Reliable Service" in answer.text
    assert len(_checks(house)) == 1


def test_a_badge_that_ended_says_so_once_its_time_is_over(
    badge: Awarded, house: House, browser: Any, clock: list[datetime]
) -> None:
    _say(house, badge, valid_until=TOMORROW + timedelta(hours=1))
    guest = browser()
    assert "standing tone-good" in guest.get(f"/badges/{badge.slug}").text
    clock.append(TOMORROW + timedelta(hours=1))
    page = guest.get(f"/badges/{badge.slug}").text
    assert ("standing tone-warn" in page, "It held until Sunday 13 December 2026." in page) == (True, True)
    assert len({mark for _, mark in _checks(house)}) == 1


def test_a_renewed_badge_is_superseded_and_leads_to_a_newer_one_that_may_be_found(
    badge: Awarded, house: House, browser: Any
) -> None:
    newer = house.db.write_now(_renew, badge.award_id)
    page = browser().get(f"/badges/{badge.slug}").text
    assert ("Superseded" in page, "is-superseded" in page, newer in page) == (True, True, False)
    house.db.write_now(add, AwardChoice(award_id=newer, listed=True, changed_at=NOW.real))
    assert f'href="/badges/{newer}"' in browser().get(f"/badges/{badge.slug}").text


def _renew(conn: Connection, award_id: str) -> str:
    """An award that renews this one; its slug is its id."""
    row = conn.execute(AWARD.select().where(AWARD.c.id == award_id)).one()._asdict()
    new = new_id()
    changed = {
        "id": new,
        "slug": new,
        "renews_id": award_id,
        "achievement_id": _same_again(conn, row["achievement_id"]),
    }
    conn.execute(AWARD.insert().values(row | changed))
    return new


def _same_again(conn: Connection, achievement_id: str) -> str:
    row = conn.execute(ACHIEVEMENT.select().where(ACHIEVEMENT.c.id == achievement_id)).one()._asdict()
    new = new_id()
    conn.execute(ACHIEVEMENT.insert().values(row | {"id": new, "version_id": None}))
    return new


def test_a_badge_that_is_being_signed_anew_says_so_and_shows_the_form_before(
    badge: Awarded, house: House, browser: Any
) -> None:
    _say(house, badge, number=2)
    page = browser().get(f"/badges/{badge.slug}").text
    assert ("A newer form of this badge is being signed" in page, "standing tone-good" in page) == (True, True)


def test_the_earner_may_reduce_the_name_to_initials(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    assert "Amara Ngozi Okonkwo" in guest.get(f"/badges/{badge.slug}").text
    _choose(house, badge, holder=HolderShown.INITIALS)
    page = guest.get(f"/badges/{badge.slug}").text
    assert ("<h1><bdi>A. O.</bdi></h1>" in page, "Amara" in page, "Okonkwo" in page) == (True, False, False)


def test_search_engines_are_let_in_only_where_the_earner_chose_so(badge: Awarded, house: House, browser: Any) -> None:
    before = browser().get(f"/badges/{badge.slug}")
    _choose(house, badge, listed=True)
    after = browser().get(f"/badges/{badge.slug}")
    assert ("x-robots-tag" in before.headers, '<meta name="robots" content="noindex">' in before.text) == (True, True)
    assert ("x-robots-tag" in after.headers, "noindex" in after.text) == (False, False)
    _say(house, badge, revoked_at=NOW.real)
    assert browser().get(f"/badges/{badge.slug}").headers["x-robots-tag"] == "noindex"


def test_a_page_that_was_taken_down_is_gone_and_says_nothing_of_its_holder(
    badge: Awarded, house: House, browser: Any
) -> None:
    guest = browser()
    guest.get(f"/badges/{badge.slug}")
    _choose(house, badge, shown=False)
    for path in ("", "/credential.json", "/badge.png", "/credential.jwt", "/badge.svg"):
        answer = guest.get(f"/badges/{badge.slug}{path}")
        assert (answer.status_code, "Amara" in answer.text) == (410, False)
        assert "can give you its file" in answer.text
    machine = guest.get(f"/badges/{badge.slug}", headers={"accept": "application/json"})
    assert (machine.status_code, machine.headers["access-control-allow-origin"]) == (410, "*")
    assert machine.json()["title"] == "This page was taken down"


def test_anybody_may_have_it_checked_again_but_not_over_and_over(
    badge: Awarded, house: House, browser: Any, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Any] = []
    check = desks.check_stored

    def run(*args: Any) -> Any:
        runs.append(args)
        return check(*args)

    monkeypatch.setattr(desks, "check_stored", run)
    guest, path = browser(), f"/badges/{badge.slug}/check"
    assert guest.post(path.replace(badge.slug, "x" * 22)).status_code == 404
    guest.get(f"/badges/{badge.slug}")
    for seconds, ran in ((5, 1), (11, 2), (12, 2)):
        clock.append(TOMORROW + timedelta(seconds=seconds))
        answer = guest.post(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/badges/{badge.slug}")
        assert len(runs) == ran
    assert "It was checked a moment ago" in guest.get(f"/badges/{badge.slug}").text
    other = browser().get(f"/badges/{badge.slug}").text
    assert "Sunday 13 December 2026" in other
    assert [at for at, _ in _checks(house)] == [TOMORROW + timedelta(seconds=11)]
    assert guest.post(path, headers={"origin": "https://elsewhere.example"}).status_code == 400


def test_another_process_shows_the_check_that_is_kept(
    badge: Awarded, house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser().get(f"/badges/{badge.slug}")
    del browser().app.state.badge_desk
    monkeypatch.setattr(desks, "check_stored", lambda *_args: pytest.fail("checked again"))
    assert "standing tone-good" in browser().get(f"/badges/{badge.slug}").text


def test_a_changed_key_asks_for_a_new_check(badge: Awarded, house: House, browser: Any) -> None:
    guest = browser()
    guest.get(f"/badges/{badge.slug}")
    (before,) = _checks(house)
    guest.app.state.badge_desk._keys, guest.app.state.badge_desk._keys_until = "another", float("inf")
    guest.get(f"/badges/{badge.slug}")
    (after,) = _checks(house)
    assert before[1] != after[1]


def test_previews_get_a_picture_with_its_size_and_words(badge: Awarded, browser: Any) -> None:
    page = browser().get(f"/badges/{badge.slug}").text
    for words in (
        f'<meta property="og:image" content="http://testserver/badges/{badge.slug}/badge.png">',
        '<meta property="og:image:width" content="600">',
        '<meta property="og:image:alt" content="Badge: Runs a Reliable Service, Test Institute">',
        '<meta name="twitter:card" content="summary">',
        f'<link rel="canonical" href="http://testserver/badges/{badge.slug}">',
    ):
        assert words in page


def test_the_token_and_the_drawing_are_given_as_they_are_kept(badge: Awarded, house: House, browser: Any) -> None:
    kept = house.db.read_now(lambda conn: conn.execute(select(ISSUE.c.jwt, ISSUE.c.svg_sha256)).one())
    guest = browser()
    for accept, media_type in (
        ("application/vc+jwt", "application/vc+jwt"),
        ("text/plain", "text/plain; charset=utf-8"),
    ):
        answer = guest.get(f"/badges/{badge.slug}", headers={"accept": accept})
        assert (answer.text, answer.headers["content-type"], answer.headers["vary"]) == (kept.jwt, media_type, "Accept")
    assert guest.get(f"/badges/{badge.slug}/credential.jwt").text == kept.jwt
    drawing = guest.get(f"/badges/{badge.slug}/badge.svg")
    assert (drawing.headers["content-type"], b"openbadges:credential" in drawing.content) == ("image/svg+xml", True)
    assert "sandbox" in drawing.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "said"), [("Amara Ngozi Okonkwo", "A. O."), ("cher", "C."), ("  ", "?"), ("Ægir Þór", "Æ. Þ.")]
)
def test_initials(name: str, said: str) -> None:
    assert initials(name) == said


def test_an_end_at_midnight_belongs_to_the_day_before() -> None:
    assert last_day(datetime(2029, 12, 7, 23, tzinfo=UTC), "Europe/Berlin").isoformat() == "2029-12-07"
