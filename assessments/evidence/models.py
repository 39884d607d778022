"""Submissions and the evidence in them."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.assignments.models import RequirementKind
from assessments.identity.pseudonyms import new_pseudonym
from fourweek.database import INSTANT, WHOLE, enum_type


class SubmissionState(StrEnum):
    """`draft` may still be typed in; `submitted` is frozen and waits; `decided` has a decision (maybe not posted).

    `withdrawn` was taken back before anybody judged it: it stays to be read, and uses no attempt.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What a submission that waits is waiting for: a rating, a second blind one, or somebody who settles the two."""

    RATING = "rating"
    SECOND = "second"
    RECONCILING = "reconciling"


LARGEST_LOT = 2**31 - 2


def new_lot() -> int:
    return 1 + secrets.randbelow(LARGEST_LOT)


class Submission(SQLModel, table=True):
    """One attempt. What the learner did is fixed once submitted. Dates are the school's clock.

    `attempt` counts from 1. `rubric_id` is pinned by the first attempt of an enrolment and assignment (law 6).
    `late_rule` says in words by which date lateness was decided, once; `integrity` is the statement that was agreed to.
    `closed_slots` are the keys of requirements that this attempt does not open: what was judged on them is met, and
    their evidence is a copy of the earlier attempt's. `changes` is what the learner says they changed since.

    The rest is about its way to a decision. `pseudonym` is what its learner is called there, the same in every attempt
    of an enrolment and assignment. `step` says something only while it is submitted. `given_to` is the grader it is
    allocated to, None leaves it to whoever takes it. `lot`, random from 1 to LARGEST_LOT, puts each grader's queue in
    an order of its own. `promised_at` is when the learner was told to expect a decision, None without a promise;
    `warned_at` (real clock) when those who could still keep it were warned.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "assignment_id", "attempt"),
        Index("ix_submission_waiting", "state", "submitted_at"),
        Index("ix_submission_promised", "state", "promised_at"),
        Index("ix_submission_step", "state", "step", "promised_at"),
        Index("ix_submission_asked", "assignment_id", "state"),
        Index("ix_submission_of", "enrolment_id", "state"),
    )

    id: str = Field(primary_key=True, max_length=26)
    enrolment_id: str = Field(foreign_key="enrolment.id")
    assignment_id: str = Field(foreign_key="assignment.id")
    rubric_id: str = Field(foreign_key="rubric.id")
    attempt: int
    state: SubmissionState = Field(default=SubmissionState.DRAFT, sa_type=enum_type(SubmissionState))
    started_at: datetime = Field(sa_type=INSTANT)
    saved_at: datetime = Field(sa_type=INSTANT)
    submitted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    receipt: str | None = Field(default=None, max_length=20, unique=True)
    late: bool = False
    late_rule: str = Field(default="", max_length=300)
    integrity: str = Field(default="", max_length=500)
    closed_slots: list[str] = Field(default_factory=list, sa_type=JSON)
    changes: str = Field(default="", sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    pseudonym: str = Field(default_factory=new_pseudonym, max_length=20, index=True)
    step: Step = Field(default=Step.RATING, sa_type=enum_type(Step))
    given_to: str | None = Field(default=None, foreign_key="person.id", index=True)
    given_by: str | None = Field(default=None, foreign_key="person.id")
    given_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lot: int = Field(default_factory=new_lot)
    promised_at: datetime | None = Field(default=None, sa_type=INSTANT)
    warned_at: datetime | None = Field(default=None, sa_type=INSTANT)


class SubmissionMember(SQLModel, table=True):
    """Whose submission it is: one row a person, written when the attempt begins."""

    __tablename__ = "submission_member"

    submission_id: str = Field(primary_key=True, foreign_key="submission.id", max_length=26)
    person_id: str = Field(primary_key=True, foreign_key="person.id", index=True, max_length=26)


class Evidence(SQLModel, table=True):
    """One text, file or link in a submission. A draft's may change; of a submitted one the database refuses it.

    `sha256` is of the file's bytes, or of the text or link in UTF-8. `note` says what was done to a file before its
    digest was made. Once its period is over, content goes and `purged_at` is set: the row stays as its tombstone.
    """

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("submission_id", "requirement_id", "position"),)

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id")
    requirement_id: str = Field(foreign_key="requirement.id", index=True)
    position: int
    kind: RequirementKind = Field(sa_type=enum_type(RequirementKind))
    text: str = Field(default="", sa_type=Text)
    url: str = Field(default="", max_length=2000)
    file_name: str = Field(default="", max_length=300)
    media_type: str = Field(default="", max_length=100)
    size: int = Field(default=0, sa_type=WHOLE)
    sha256: str = Field(default="", max_length=64, index=True)
    saved_at: datetime = Field(sa_type=INSTANT)
    note: str = Field(default="", max_length=200)
    purged_at: datetime | None = Field(default=None, sa_type=INSTANT)
