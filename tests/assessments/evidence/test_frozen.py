"""What was handed in stays as it was: the database itself refuses a change."""

import pytest
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import DatabaseError

from assessments.evidence.models import Evidence, Submission, SubmissionState
from fourweek.database import new_id, table
from tests import factories as make

SUBMISSION, EVIDENCE = table(Submission), table(Evidence)


@pytest.fixture
def handed_in(conn: Connection) -> str:
    made = make.course(conn)
    return make.submission(conn, made, make.enrol(conn, make.cohort(conn, made), make.person(conn)))


def test_submitted_evidence_is_never_changed_nor_deleted(conn: Connection, handed_in: str) -> None:
    mine = EVIDENCE.c.submission_id == handed_in
    before = conn.execute(select(EVIDENCE).where(mine)).all()
    assert len(before) == 1
    for statement in (update(EVIDENCE).where(mine).values(text="other"), delete(EVIDENCE).where(mine)):
        with pytest.raises(DatabaseError, match="evidence was handed in"), conn.begin_nested():
            conn.execute(statement)
    assert conn.execute(select(EVIDENCE).where(mine)).all() == before


@pytest.mark.parametrize(
    "values",
    [
        {"state": SubmissionState.DRAFT},
        {"receipt": "R-OTHER"},
        {"late": True},
        {"late_rule": "other"},
        {"integrity": "other"},
        {"submitted_at": make.BEFORE},
        {"attempt": 7},
        {"changes": "other"},
        {"closed_slots": ["report"]},
    ],
)
def test_submitted_attempt_keeps_everything_but_its_state(
    conn: Connection, handed_in: str, values: dict[str, object]
) -> None:
    mine = SUBMISSION.c.id == handed_in
    with pytest.raises(DatabaseError, match="submission was handed in"), conn.begin_nested():
        conn.execute(update(SUBMISSION).where(mine).values(values))
    conn.execute(update(SUBMISSION).where(mine).values(state=SubmissionState.DECIDED))
    assert conn.execute(select(SUBMISSION.c.state).where(mine)).scalar_one() is SubmissionState.DECIDED


def test_nothing_is_added_to_what_was_handed_in(conn: Connection, handed_in: str) -> None:
    row = conn.execute(select(EVIDENCE).where(EVIDENCE.c.submission_id == handed_in)).one()._asdict()
    with pytest.raises(DatabaseError, match="evidence was handed in"), conn.begin_nested():
        conn.execute(EVIDENCE.insert().values(row | {"id": new_id(), "position": 1}))


def test_content_goes_once_and_only_with_a_date(conn: Connection, handed_in: str) -> None:
    mine = EVIDENCE.c.submission_id == handed_in
    gone = {"text": "", "url": "", "purged_at": make.START}
    for kept in ({"sha256": "1" * 64}, {"file_name": "other"}, {"size": 9}, {"text": "other"}):
        with pytest.raises(DatabaseError, match="evidence was handed in"), conn.begin_nested():
            conn.execute(update(EVIDENCE).where(mine).values(gone | kept))
    conn.execute(update(EVIDENCE).where(mine).values(gone))
    with pytest.raises(DatabaseError, match="evidence was handed in"), conn.begin_nested():
        conn.execute(update(EVIDENCE).where(mine).values(gone))
