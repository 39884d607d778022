"""The comment bank's page: by whom it is seen, and that nothing typed is lost."""

from typing import Any

from assessments.remarks.bank import keep_comment, share
from assessments.remarks.models import BankComment
from fourweek.edge import House
from tests.assessments.grading.factories import School, rows, school
from tests.assessments.grading.pages import EVIL
from tests.visits import forms

BANK = "/grading/comments"


def test_the_page_is_for_graders_and_its_acts_for_owners_and_leads(browser: Any, house: House) -> None:
    made: School = house.db.write_now(school)
    course = made.course.course_id
    own = house.db.write_now(keep_comment, made.grader(), course, "criterion-0", f"Mine {EVIL}")
    shared = house.db.write_now(keep_comment, made.lead(), course, "", "Shared.")
    house.db.write_now(share, made.lead(), shared, shared=True)
    guest, alice, greta, lena = browser(), browser(made.alice), browser(made.greta), browser(made.lena)
    assert guest.get(BANK).headers["location"].startswith("/sign-in")
    assert alice.get(BANK).status_code == 404
    page = greta.get(BANK).text
    assert EVIL not in page
    assert "Mine &lt;script&gt;" in page
    assert f"{BANK}/{own}" in forms(page)
    assert f"{BANK}/{shared}" not in forms(page)
    token = forms(page)[f"{BANK}/{own}"]["form_token"]
    for pressed in ("edit", "remove", "share"):
        sent = {"form_token": token, "act": pressed, "text": "Changed."}
        assert greta.post(f"{BANK}/{shared}", data=sent).status_code == 403
    assert alice.post(f"{BANK}/{shared}", data={"act": "remove"}).status_code == 422  # no token of hers
    assert own not in lena.get(BANK).text
    assert lena.submit(BANK, f"{BANK}/{shared}", act="unshare").status_code == 303
    assert "Shared." not in greta.get(BANK).text


def test_add_edit_and_remove_keep_what_was_typed(browser: Any, house: House) -> None:
    made: School = house.db.write_now(school)
    greta = browser(made.greta)
    bad = greta.submit(BANK, BANK, course=made.course.course_id, text="x" * 5_000)
    assert bad.status_code == 422
    assert forms(bad.text)[BANK]["text"].lstrip("\n") == "x" * 5_000
    assert "at most 4,000 are kept in the bank" in bad.text
    assert greta.submit(BANK, BANK, course=made.course.course_id, text="Say why.").status_code == 303
    (row,) = house.db.read_now(rows, BankComment)
    here = f"{BANK}/{row.id}"
    empty = greta.submit(BANK, here, act="edit", text=" ")
    assert (empty.status_code, f'id="text-{row.id}-error"' in empty.text) == (422, True)
    assert greta.submit(BANK, here, act="edit", text="Say why so.").status_code == 303
    assert "Say why so." in greta.get(f"{BANK}?words=why").text
    assert "No comment fits" in greta.get(f"{BANK}?words=elsewhere").text
    (now,) = [one for one in house.db.read_now(rows, BankComment) if one.removed_at is None]
    greta.submit(BANK, f"{BANK}/{now.id}", act="remove")
    assert "Nothing is kept yet" in greta.get(BANK).text
