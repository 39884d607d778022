"""Claims, ratings, decisions and postings: ratings are many, the decision is one, and it counts once posted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class Outcome(StrEnum):
    DEMONSTRATED = "demonstrated"
    NOT_YET = "not_yet"
    RETURNED_INCOMPLETE = "returned_incomplete"


class RatingState(StrEnum):
    DRAFT = "draft"
    DONE = "done"


class Purpose(StrEnum):
    """What a rating was given for: the first of a submission, the blind second, settling two, or an appeal."""

    FIRST = "first"
    SECOND = "second"
    RECONCILING = "reconciling"
    APPEAL = "appeal"


class Way(StrEnum):
    """How a decision came about."""

    ONE_RATING = "one_rating"
    AGREED = "agreed"
    RECONCILED = "reconciled"
    CHANGED = "changed"
    APPEALED = "appealed"


class ReviewResult(StrEnum):
    """A lead found a decision ready to be posted, or sent it back to be rated again."""

    READY = "ready"
    SENT_BACK = "sent_back"


class Claim(SQLModel, table=True):
    """A grader's lease on a submission (real clock). One at a time; a lapsed one may be taken over."""

    __tablename__ = "claim"

    submission_id: str = Field(primary_key=True, foreign_key="submission.id")
    grader_id: str = Field(foreign_key="person.id", index=True)
    claimed_at: datetime = Field(sa_type=INSTANT)
    until: datetime = Field(sa_type=INSTANT)


class Rating(SQLModel, table=True):
    """One grader's scoring of a submission. `version` rises with each save; a save names the one it saw.

    Instants are of the real clock; `done_at` is None in a draft. `note` is one for other graders that is being typed.
    """

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("submission_id", "grader_id"),)

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id")
    grader_id: str = Field(foreign_key="person.id", index=True)
    state: RatingState = Field(default=RatingState.DRAFT, sa_type=enum_type(RatingState))
    purpose: Purpose = Field(default=Purpose.FIRST, sa_type=enum_type(Purpose))
    version: int = 1
    comment: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    saved_at: datetime = Field(sa_type=INSTANT)
    done_at: datetime | None = Field(default=None, sa_type=INSTANT)


class RatingLine(SQLModel, table=True):
    """The level one grader gave on one criterion, with a comment; no level yet in a draft."""

    __tablename__ = "rating_line"

    rating_id: str = Field(primary_key=True, foreign_key="rating.id")
    criterion_id: str = Field(primary_key=True, foreign_key="criterion.id")
    level_id: str | None = Field(default=None, foreign_key="level.id")
    comment: str = Field(default="", sa_type=Text)


class Decision(SQLModel, table=True):
    """The one outcome of a submission. Never edited: a new one names the one it supersedes, with a reason.

    `rule_id` is the rule by which levels became the outcome; None means every criterion at its required level.
    """

    __tablename__ = "decision"

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id", index=True)
    outcome: Outcome = Field(sa_type=enum_type(Outcome))
    rubric_id: str = Field(foreign_key="rubric.id")
    rating_id: str | None = Field(default=None, foreign_key="rating.id")
    decided_by: str = Field(foreign_key="person.id")
    decided_at: datetime = Field(sa_type=INSTANT)
    comment: str = Field(default="", sa_type=Text)
    supersedes_id: str | None = Field(default=None, foreign_key="decision.id", unique=True)
    reason: str = Field(default="", max_length=500)
    way: Way = Field(default=Way.ONE_RATING, sa_type=enum_type(Way))
    rule_id: str | None = Field(default=None, foreign_key="decision_rule.id")


class DecisionLine(SQLModel, table=True):
    """The level decided for one criterion, with the comment the learner reads. Frozen with its decision."""

    __tablename__ = "decision_line"

    decision_id: str = Field(primary_key=True, foreign_key="decision.id")
    criterion_id: str = Field(primary_key=True, foreign_key="criterion.id")
    level_id: str | None = Field(default=None, foreign_key="level.id")
    met: bool
    comment: str = Field(default="", sa_type=Text)


class DecisionReview(SQLModel, table=True):
    """What a lead made of a decision before it was posted; rows are only added."""

    __tablename__ = "decision_review"

    decision_id: str = Field(primary_key=True, foreign_key="decision.id", max_length=26)
    result: ReviewResult = Field(sa_type=enum_type(ReviewResult))
    reviewed_by: str = Field(foreign_key="person.id")
    reviewed_at: datetime = Field(sa_type=INSTANT)
    note: str = Field(default="", sa_type=Text)


class Posting(SQLModel, table=True):
    """A decision becomes visible to the learner at `posted_at` (school's clock); until then it can be undone."""

    __tablename__ = "posting"

    decision_id: str = Field(primary_key=True, foreign_key="decision.id")
    posted_at: datetime = Field(sa_type=INSTANT, index=True)
    posted_by: str = Field(foreign_key="person.id")
