"""Saving a rating: drafts, versions, two tabs, and a lease that is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.grading.claims import claim, release
from assessments.grading.errors import Clashed
from assessments.grading.models import Claim, Rating, RatingLine, RatingState
from assessments.grading.queries import kept_rating
from assessments.grading.ratings import Saved, save
from fourweek.accounts.access import Visitor
from fourweek.database import Database
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, acts, claimed, rows, school

LATER = NOW + LEASE + timedelta(minutes=1)


def test_stranger_and_registrar_cannot_save(conn: Connection) -> None:
    made = claimed(conn)
    with pytest.raises(NotFound):
        save(conn, make.visitor(make.person(conn), NOW), made.submission, made.typed("meets"), LEASE)
    with pytest.raises(Forbidden):
        save(conn, made.registrar(), made.submission, made.typed("meets"), LEASE)
    assert rows(conn, Rating) == []


def test_draft_is_kept_and_renews_the_lease(conn: Connection) -> None:
    made = claimed(conn)
    later = NOW + timedelta(minutes=5)
    typed = made.typed("meets", comments={"criterion-1": "Where is <b>it</b>?"})
    saved = save(conn, made.grader(at=later), made.submission, typed, LEASE)
    assert (saved.version, saved.at) == (1, later)
    kept = kept_rating(conn, made.submission, made.greta)
    assert kept is not None
    assert dict(kept.scoring.levels) == {"criterion-0": "meets"}
    assert kept.scoring.comments == {"criterion-0": "", "criterion-1": "Where is <b>it</b>?"}
    assert (kept.version, kept.scoring.comment, kept.saved_at) == (1, "Clear work.", later)
    (row,) = rows(conn, Rating)
    assert (row.state, row.grader_id) == (RatingState.DRAFT, made.greta)
    assert rows(conn, Claim)[0].until == later + LEASE
    assert acts(conn, "claim", "rating") == ["claim.taken"]


def test_next_save_takes_the_place_of_the_first(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(), made.submission, made.typed("meets", "meets"), LEASE)
    saved = save(conn, made.grader(), made.submission, made.typed("", "exceeds", version=1, comment=""), LEASE)
    assert saved.version == 2
    kept = kept_rating(conn, made.submission, made.greta)
    assert kept is not None
    assert (dict(kept.scoring.levels), kept.scoring.comment) == ({"criterion-1": "exceeds"}, "")
    assert len(rows(conn, RatingLine)) == 2


def test_two_tabs_second_is_refused_with_what_is_stored(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(), made.submission, made.typed("meets", comment="First tab."), LEASE)
    with pytest.raises(Clashed, match=r"Another page saved this rating at 09:00 \(UTC\)\.") as caught:
        save(conn, made.grader(), made.submission, made.typed("exceeds", comment="Second tab."), LEASE)
    assert caught.value.kept is not None
    assert (caught.value.kept.scoring.comment, caught.value.over) == ("First tab.", 1)
    saved = save(conn, made.grader(), made.submission, made.typed("exceeds", comment="Second tab.", over=1), LEASE)
    kept = kept_rating(conn, made.submission, made.greta)
    assert saved.version == 2
    assert kept is not None
    assert kept.scoring.comment == "Second tab."


@pytest.mark.parametrize("wrong", [{"attempt": 2}, {"attempt": -1}, {"rubric": "another"}, {"submission": "another"}])
def test_form_of_another_submission_attempt_or_rubric_is_refused(conn: Connection, wrong: dict[str, Any]) -> None:
    made = claimed(conn)
    with pytest.raises(Clashed, match="another submission"):
        save(conn, made.grader(), made.submission, made.typed("meets", **wrong), LEASE)
    assert rows(conn, Rating) == []


def test_save_after_the_lease_ended_is_fine_while_nobody_took_it(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(at=LATER), made.submission, made.typed("meets"), LEASE)
    assert rows(conn, Claim)[0].until == LATER + LEASE


def test_save_after_somebody_took_it_is_refused_and_writes_nothing(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(), made.submission, made.typed("meets", comment="Stored."), LEASE)
    claim(conn, made.grader(made.gus, LATER), made.submission, LEASE)
    with pytest.raises(Clashed, match=r"Your claim had ended\. Gus Hill has this submission until 10:31") as caught:
        save(conn, made.grader(at=LATER), made.submission, made.typed("exceeds", version=1), LEASE)
    assert caught.value.kept is not None
    assert (caught.value.kept.scoring.comment, caught.value.over, caught.value.claimable) == ("Stored.", None, False)
    assert [row.version for row in rows(conn, Rating)] == [1]


def test_save_after_giving_it_back_may_claim_again(conn: Connection) -> None:
    made = claimed(conn)
    release(conn, made.grader(), made.submission)
    with pytest.raises(Clashed) as caught:
        save(conn, made.grader(), made.submission, made.typed("meets"), LEASE)
    assert caught.value.claimable
    save(conn, made.grader(), made.submission, made.typed("meets"), LEASE, claim=True)
    assert rows(conn, Claim)[0].grader_id == made.greta
    assert len(rows(conn, Rating)) == 1


def test_claiming_again_does_not_take_it_from_somebody(conn: Connection) -> None:
    made = claimed(conn)
    with pytest.raises(Clashed):
        save(conn, made.grader(made.gus), made.submission, made.typed("meets"), LEASE, claim=True)
    assert rows(conn, Claim)[0].grader_id == made.greta


def test_level_that_is_not_in_the_rubric_and_long_comment_are_refused(conn: Connection) -> None:
    made = claimed(conn)
    other = made.typed("perfect", comment="x" * 50_000)
    with pytest.raises(Invalid) as caught:
        save(conn, made.grader(), made.submission, other, LEASE)
    assert set(caught.value.fields) == {"level-criterion-0", "comment"}
    assert rows(conn, Rating) == []


def test_two_graders_keep_ratings_of_their_own(conn: Connection) -> None:
    made = claimed(conn)
    save(conn, made.grader(), made.submission, made.typed("meets", comment="Greta's."), LEASE)
    claim(conn, made.grader(made.gus, LATER), made.submission, LEASE)
    save(conn, made.grader(made.gus, LATER), made.submission, made.typed("not-yet", comment="Gus's."), LEASE)
    assert {row.grader_id: row.comment for row in rows(conn, Rating)} == {made.greta: "Greta's.", made.gus: "Gus's."}


def test_twenty_saves_of_one_version_at_once_one_is_kept(db: Database) -> None:
    made: School = db.write_now(claimed)

    def try_save(number: int) -> Saved | None:
        try:
            return db.write_now(save, made.grader(), made.submission, made.typed("meets", comment=f"n {number}"), LEASE)
        except Clashed:
            return None

    with ThreadPoolExecutor(20) as pool:
        saved = [one for one in pool.map(try_save, range(20)) if one is not None]
    assert [one.version for one in saved] == [1]
    assert [row.version for row in db.read_now(rows, Rating)] == [1]
    assert len(db.read_now(rows, RatingLine)) == 2


def test_two_graders_saving_at_once_only_the_holder_does(db: Database) -> None:
    made: School = db.write_now(school)

    def claim_and_save(visitor: Visitor) -> bool:
        try:
            db.write_now(save, visitor, made.submission, made.typed("meets"), LEASE, claim=True)
        except Clashed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(claim_and_save, [made.grader(), made.grader(made.gus)]))
    assert sorted(done) == [False, True]
    (rating,), (held,) = db.read_now(rows, Rating), db.read_now(rows, Claim)
    assert rating.grader_id == held.grader_id
