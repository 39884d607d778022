"""Whether evidence can be judged at all: what rules found, and who has looked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class CompletenessCheck(SQLModel, table=True):
    """One for each submission. `findings` holds {"requirement", "words"} of what the rules found, [] for nothing;
    the words are for `say` of `fourweek.language.stored`.

    `ruled_at` (real clock) is None until the rules have run; `checked_at` until a person has said it can be judged.
    """

    __tablename__ = "completeness_check"

    submission_id: str = Field(primary_key=True, foreign_key="submission.id", max_length=26)
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    ruled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    checked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    checked_by: str | None = Field(default=None, foreign_key="person.id")
