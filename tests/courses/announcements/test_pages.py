"""Announcements: who reads them, who writes them, what happens when they are changed or withdrawn."""

from typing import Any

import pytest

from courses.announcements.models import Announcement
from courses.announcements.notices import tell_announcements
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import Now, real_time
from fourweek.database import add
from tests import factories as make
from tests.courses.announcements.conftest import Hall
from tests.statements import statements
from tests.visits import Browser, forms

BODY = "The *hall* moves.\n\n<script>alert(1)</script>"


def _post(visitor: Browser, hall: Hall, **values: str) -> Any:
    typed = {"title": "New hall", "body": BODY, "act": "post"}
    return visitor.submit(f"{hall.at}/new", f"{hall.at}/new", **(typed | values))


def _now() -> Now:
    return Now(real_time(), real_time())


@pytest.fixture
def ivan(hall: Hall, browser: Any) -> Browser:
    opened: Browser = browser(hall.ivan)
    return opened


def test_who_may_read_and_who_may_write(hall: Hall, ivan: Browser, browser: Any) -> None:
    _post(ivan, hall)
    one = f"{hall.at}/{hall.rows(Announcement)[0].id}"
    school = hall.school
    assert browser().get(hall.at).headers["location"].startswith("/sign-in")
    for person, reads, writes in (
        (school.carol, 404, 404),
        (school.bob, 404, 404),
        (hall.jade, 404, 404),
        (school.alice, 200, 403),
        (school.lena, 200, 403),
        (hall.ivan, 200, 200),
    ):
        visitor = browser(person)
        assert [visitor.get(path).status_code for path in (hall.at, one)] == [reads, reads]
        pages = (f"{hall.at}/new", f"{one}/edit", f"{one}/withdraw")
        assert [visitor.get(path).status_code for path in pages] == [writes] * 3
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        if writes != 200:
            answers = [visitor.post(path, data={"form_token": token, "title": "T", "body": "B"}) for path in pages]
            assert [answer.status_code for answer in answers] == [writes] * 3
    assert [row.title for row in hall.rows(Announcement)] == ["New hall"]


def test_posting_keeps_safe_html_an_audit_row_and_tells_the_learners(hall: Hall, ivan: Browser, browser: Any) -> None:
    answer = _post(ivan, hall)
    (row,) = hall.rows(Announcement)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{hall.at}/{row.id}")
    assert (row.body, row.author_id, row.section_id, row.edited_at) == (BODY, hall.ivan, None, None)
    assert row.html == "<p>The <em>hall</em> moves.</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    (audit,) = [one for one in hall.rows(AuditRow) if one.act == "announcement.post"]
    assert (audit.actor_id, audit.subject_id, audit.detail["title"]) == (hall.ivan, row.id, "New hall")
    assert tell_announcements(hall.db, _now()) == 2
    assert hall.letters() == sorted([(hall.school.alice, "New hall"), (hall.erin, "New hall")])
    page = browser(hall.school.alice).get(f"{hall.at}/{row.id}").text
    assert ("<em>hall</em>" in page, "<script>alert" in page, "Ivan Teach" in page) == (True, False, True)


def test_announcement_of_a_section_is_for_its_learners_alone(hall: Hall, ivan: Browser, browser: Any) -> None:
    _post(ivan, hall, section=hall.section)
    one = f"{hall.at}/{hall.rows(Announcement)[0].id}"
    erin, alice, lena = browser(hall.erin), browser(hall.school.alice), browser(hall.school.lena)
    assert [visitor.get(one).status_code for visitor in (erin, alice, lena)] == [200, 404, 200]
    assert ["New hall" in visitor.get(hall.at).text for visitor in (erin, alice, lena)] == [True, False, True]
    assert tell_announcements(hall.db, _now()) == 1
    assert hall.letters() == [(hall.erin, "New hall")]
    refused = _post(ivan, hall, section="0" * 26)
    assert (refused.status_code, "That section is not there any more" in refused.text) == (422, True)


def test_preview_shows_the_text_and_keeps_nothing(hall: Hall, ivan: Browser) -> None:
    answer = _post(ivan, hall, act="preview", section=hall.section)
    assert answer.status_code == 200
    assert ("The <em>hall</em> moves." in answer.text, "Preview: New hall" in answer.text) == (True, True)
    assert forms(answer.text)[f"{hall.at}/new"]["body"].strip() == BODY
    assert f'<option value="{hall.section}" selected>' in answer.text
    assert hall.rows(Announcement) == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"title": "  "}, "Give it a title."),
        ({"title": "x" * 201}, "The title has 201 characters; at most 200 are kept."),
        ({"body": " \n "}, "Write something first."),
        ({"body": "y" * 10_001}, "The text has 10,001 characters; at most 10,000 are kept."),
    ],
)
@pytest.mark.parametrize("act", ["post", "preview"])
def test_wrong_form_comes_back_with_what_was_typed(
    hall: Hall, ivan: Browser, values: dict[str, str], says: str, act: str
) -> None:
    answer = _post(ivan, hall, **values, act=act)
    assert (answer.status_code, says in answer.text) == (422, True)
    shown = forms(answer.text)[f"{hall.at}/new"]
    typed = {"title": "New hall", "body": BODY} | values
    assert (shown["title"], shown["body"].strip()) == (" ".join(typed["title"].split()), typed["body"].strip())
    assert hall.rows(Announcement) == []


def test_form_sent_twice_posts_once(hall: Hall, ivan: Browser) -> None:
    fields = forms(ivan.get(f"{hall.at}/new").text)[f"{hall.at}/new"] | {"title": "T", "body": "B", "act": "post"}
    first, second = (ivan.post(f"{hall.at}/new", data=fields) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(hall.rows(Announcement)) == 1
    assert [one.act for one in hall.rows(AuditRow)].count("announcement.post") == 1


def test_change_is_shown_and_mailed_again_only_if_chosen(hall: Hall, ivan: Browser, browser: Any) -> None:
    _post(ivan, hall)
    one = f"{hall.at}/{hall.rows(Announcement)[0].id}"
    tell_announcements(hall.db, _now())
    assert ivan.submit(f"{one}/edit", f"{one}/edit", title="Hall 2", act="post").status_code == 303
    assert tell_announcements(hall.db, _now()) == 0
    (row,) = hall.rows(Announcement)
    assert (row.title, row.body, row.edited_at is not None) == ("Hall 2", BODY, True)
    assert "Changed" in browser(hall.school.alice).get(one).text
    ivan.submit(f"{one}/edit", f"{one}/edit", title="Hall 3", act="post", tell_again="1")
    assert [tell_announcements(hall.db, _now()) for _ in range(2)] == [2, 0]
    assert [title for person, title in hall.letters() if person == hall.erin] == ["Hall 3", "New hall"]
    acts = [(audit.act, audit.detail.get("before")) for audit in hall.rows(AuditRow) if "edit" in audit.act]
    assert acts == [("announcement.edit", "New hall"), ("announcement.edit", "Hall 2")]


def test_change_of_what_somebody_else_changed_is_refused_with_what_was_typed(hall: Hall, ivan: Browser) -> None:
    _post(ivan, hall)
    one = f"{hall.at}/{hall.rows(Announcement)[0].id}"
    stale = forms(ivan.get(f"{one}/edit").text)[f"{one}/edit"]
    ivan.submit(f"{one}/edit", f"{one}/edit", title="Hall 2", act="post")
    answer = ivan.post(f"{one}/edit", data=stale | {"title": "Hall X", "act": "post"})
    assert (answer.status_code, "Somebody changed this announcement meanwhile" in answer.text) == (422, True)
    assert forms(answer.text)[f"{one}/edit"]["title"] == "Hall X"
    assert [row.title for row in hall.rows(Announcement)] == ["Hall 2"]


def test_withdrawn_is_gone_and_its_letters_stay_here(hall: Hall, ivan: Browser, browser: Any) -> None:
    _post(ivan, hall)
    one = f"{hall.at}/{hall.rows(Announcement)[0].id}"
    tell_announcements(hall.db, _now())
    empty = ivan.submit(f"{one}/withdraw", f"{one}/withdraw", reason=" ")
    assert (empty.status_code, len(hall.letters())) == (422, 2)
    assert ivan.submit(f"{one}/withdraw", f"{one}/withdraw", reason="Wrong hall.").status_code == 303
    assert (hall.letters(), tell_announcements(hall.db, _now())) == ([], 0)
    (audit,) = [row for row in hall.rows(AuditRow) if row.act == "announcement.withdraw"]
    assert (audit.reason, audit.actor_id) == ("Wrong hall.", hall.ivan)
    alice, lena = browser(hall.school.alice), browser(hall.school.lena)
    assert [visitor.get(one).status_code for visitor in (alice, lena, ivan)] == [410, 410, 200]
    assert ["New hall" in visitor.get(hall.at).text for visitor in (alice, lena, ivan)] == [False, False, True]
    assert [ivan.get(f"{one}/{act}").status_code for act in ("edit", "withdraw")] == [409, 409]


def test_list_is_paged_and_its_statements_do_not_grow(hall: Hall, ivan: Browser, browser: Any) -> None:
    _post(ivan, hall)
    alice = browser(hall.school.alice)

    def count() -> int:
        with statements(hall.db) as counted:
            assert alice.get(hall.at).status_code == 200
        return counted.number

    alice.get(hall.at)
    few = count()
    for number in range(26):
        hall.db.write_now(_add, hall, number)
    assert (count(), few) == (few, 3)
    assert ["Page 1 of 2" in alice.get(hall.at).text, "New hall" in alice.get(f"{hall.at}?page=2").text] == [True, True]


def _add(conn: Any, hall: Hall, number: int) -> None:
    row = Announcement(
        id=f"{number:026}",
        cohort_id=hall.school.cohort,
        title=f"News {number}",
        body="b",
        html="<p>b</p>",
        author_id=hall.ivan,
        posted_at=real_time(),
    )
    add(conn, row)


def test_lead_of_the_school_may_write_too(hall: Hall, browser: Any) -> None:
    lead = browser(hall.db.write_now(make.with_role, Role.LEAD, "Lena Lead"))
    assert _post(lead, hall).status_code == 303
