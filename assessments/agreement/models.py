"""How far graders agree: figures that the worker works out again when ratings were added."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class AgreementReport(SQLModel, table=True):
    """The newest figures of one assignment of a course: `counted` ratings went in, `figures` is what pages show."""

    __tablename__ = "agreement_report"

    course_id: str = Field(primary_key=True, foreign_key="course.id", max_length=26)
    assignment_key: str = Field(primary_key=True, max_length=60)
    made_at: datetime = Field(sa_type=INSTANT)
    counted: int
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
