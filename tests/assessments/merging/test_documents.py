"""What a merge leaves of goes at a course, and of documents, and what is corrected afterwards."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, select

from assessments.credit.ledger import ENTRY
from assessments.sharing.documents import HIDDEN
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.standing import LINE, VALID, Standing, Why, standing
from tests import factories as make
from tests.assessments.corrections.factories import LINES
from tests.assessments.credit.factories import DAY, LATER, recorded, reverse_entry
from tests.assessments.merging.test_service import Case
from tests.assessments.sharing.factories import renamed
from tests.assessments.transcripts.issued import issue


def take_back_last(conn: Connection, case: Case) -> None:
    last = conn.execute(select(ENTRY.c.id).order_by(ENTRY.c.recorded_at.desc(), ENTRY.c.id.desc())).scalars().first()
    later = make.visitor(case.rita.me.id, LATER + 2 * DAY, *case.rita.me.grants)
    reverse_entry(conn, later, str(last), "integrity", "Copied.")


@pytest.mark.parametrize("listed", [True, False])
def test_a_document_outlives_a_merge_and_not_a_correction_after_it(conn: Connection, listed: bool) -> None:  # noqa: FBT001
    """Also one of a ledger that was longer than the one that is kept, and one from before lines were listed."""
    case = Case(conn)
    case.credit(case.gone, 3)
    document, _ = issue(conn, case.gone.person_id, LATER - DAY)
    if not listed:
        sqlite = "DROP TRIGGER document_line_no_delete"
        postgres = "ALTER TABLE document_line DISABLE TRIGGER USER"
        conn.exec_driver_sql(sqlite if conn.dialect.name == "sqlite" else postgres)
        conn.execute(delete(LINE))
    case.merge()
    assert standing(conn, document) == VALID
    take_back_last(conn, case)
    assert standing(conn, document) == Standing(Why.LINE)


def test_two_goes_of_the_account_that_goes_keep_their_sum(conn: Connection) -> None:
    """The second go went on from the first: 0.3, then 0.2, 0.3 and 0.2, which alone would be 0.8."""
    case = Case(conn)
    recorded(conn, case.gone, 1)
    cohort_id = make.cohort(conn, case.gone.course, zone="UTC")
    enrolment_id = make.enrol(conn, cohort_id, case.gone.person_id)
    again = replace(case.gone, cohort_id=cohort_id, enrolment_id=enrolment_id)
    for week, tenths in LINES[1:]:
        recorded(conn, again, week, tenths=tenths)
    case.merge()
    assert [row[3] for row in case.ledger(case.kept)] == [3, 2, 3, 2]


def test_a_document_with_an_hour_that_stood_twice_is_superseded(conn: Connection) -> None:
    case = Case(conn, same_course=True)
    case.credit(case.gone, 2)
    recorded(conn, case.kept, 1)
    gone, _ = issue(conn, case.gone.person_id, LATER - DAY)
    kept, _ = issue(conn, case.kept.person_id, LATER - DAY)
    case.merge()
    assert (standing(conn, gone), standing(conn, kept)) == (Standing(Why.LINE), VALID)


def test_a_document_of_the_other_account_hides_a_name_that_was_suppressed_before_it(conn: Connection) -> None:
    """Issued after the name was suppressed, to an account that still had it; the person's own are as they were."""
    case = Case(conn)
    renamed(conn, case.kept.person_id, LATER - 3 * DAY, suppress=True)
    case.credit(case.gone, 2)
    case.credit(case.kept, 1)
    gone, _ = issue(conn, case.gone.person_id, LATER - DAY)
    kept, _ = issue(conn, case.kept.person_id, LATER - DAY)
    hidden = select(TRANSCRIPT.c.id).where(HIDDEN)
    assert conn.execute(hidden).scalars().all() == []
    case.merge()
    assert conn.execute(hidden).scalars().all() == [gone]
    assert kept != gone
