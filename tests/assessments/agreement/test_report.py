"""Which ratings are agreement data, and when the worker works figures out again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from assessments.agreement.models import AgreementReport
from assessments.agreement.queries import SECOND, judged
from assessments.agreement.service import RESTS, report_agreement
from assessments.grading.models import Purpose
from assessments.grading.queries import RATING
from fourweek.clock import Now
from fourweek.database import Database
from tests.assessments.agreement.school import HOUR, rated_twice, rating, several
from tests.assessments.grading.factories import NOW, School, rows, school
from tests.statements import statements

LATER = NOW + timedelta(days=1)


def _pairs(conn: Connection, made: School) -> list[dict[tuple[int, int], int]]:
    return [one.pairs for one in judged(conn, made.course.course_id, "note-1")]


def test_pairs_are_counted_by_criterion_and_missing_levels_left_out(conn: Connection) -> None:
    made = school(conn)
    several(conn, made, [((1, 1), (1, 0)), ((1, 2), (1, 0))])
    rated_twice(conn, made, made.submission, (0, None), (2, 1))
    assert _pairs(conn, made) == [{(1, 1): 2, (0, 2): 1}, {(1, 0): 1, (2, 0): 1}]


def test_only_what_was_rated_blind_counts(conn: Connection) -> None:
    made = school(conn)
    alone, drafted, settled, again = several(conn, made, [((1, 1), (1, 1))] * 4)
    second = RATING.c.purpose == Purpose.SECOND
    conn.execute(update(RATING).where(RATING.c.submission_id == alone, second).values(purpose=Purpose.APPEAL))
    conn.execute(update(RATING).where(RATING.c.submission_id == drafted, second).values(state="draft", done_at=None))
    rating(conn, made, settled, made.lena, (2, 2), Purpose.RECONCILING)
    conn.execute(update(RATING).where(RATING.c.submission_id == again, ~second).values(done_at=NOW + 5 * HOUR))
    assert _pairs(conn, made) == [{(1, 1): 1}, {(1, 1): 1}]


def test_second_rating_that_is_not_compared_yet_counts_once_both_are_done(conn: Connection) -> None:
    made = school(conn)
    rated_twice(conn, made, made.submission, (1, 1), (1, 1))
    conn.execute(update(SECOND).values(closed_at=None, agreed=None))
    assert _pairs(conn, made) == [{(1, 1): 1}, {(1, 1): 1}]


def _at(real: datetime) -> Now:
    return Now(real=real, school=real)


def test_worker_makes_figures_once_and_again_when_ratings_were_added(db: Database) -> None:
    made = db.write_now(school)
    assert report_agreement(db, _at(LATER)) == 0
    db.write_now(several, made, [((1, 1), (1, 0))] * 6 + [((0, 2), (0, 2))] * 5)
    assert report_agreement(db, _at(LATER)) == 1
    with statements(db) as idle:
        assert report_agreement(db, _at(LATER + 2 * RESTS)) == 0
    assert idle.number == 1
    (kept,) = db.read_now(rows, AgreementReport)
    assert (kept.course_id, kept.assignment_key, kept.counted) == (made.course.course_id, "note-1", 11)
    first, other = kept.figures["criteria"]
    assert (first["works"], first["table"], first["levels"]) == (
        11,
        [[5, 0, 0], [0, 6, 0], [0, 0, 0]],
        ["Not-yet", "Meets", "Exceeds"],
    )
    assert first["alpha"] == [1.0, 1.0, 1.0]
    assert other["exact"][0] == 0.4545
    assert other["alpha"][0] < 1 > other["alpha"][2]
    assert db.write_now(several, made, [((1, 1), (1, 1))])
    assert report_agreement(db, _at(LATER + timedelta(minutes=1))) == 0, "rests a while"
    assert report_agreement(db, _at(LATER + RESTS)) == 1
    assert [row.counted for row in db.read_now(rows, AgreementReport)] == [12]


def test_too_few_works_make_no_figure(db: Database) -> None:
    made = db.write_now(school)
    db.write_now(several, made, [((1, 1), (1, 1))] * 3)
    report_agreement(db, _at(LATER))
    (kept,) = db.read_now(rows, AgreementReport)
    assert kept.figures["criteria"][0]["alpha"] == [None, None, None]
