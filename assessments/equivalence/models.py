"""Which modules are the same learning: decisions of named people, never changed."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Equivalence(SQLModel, table=True):
    """From version `from_major` on, a course's modules belong to the group `group_name`; the newest decision holds.

    Without one the group of a course is its code. Cross-listed courses share a group; a materially revised one gets a
    new group. `module_number` narrows the decision to one module, None means all. Rows are only added.
    """

    __tablename__ = "equivalence"

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id", index=True)
    from_major: int
    module_number: int | None = None
    group_name: str = Field(max_length=100)
    why: str = Field(max_length=500)
    decided_by: str = Field(foreign_key="person.id")
    decided_at: datetime = Field(sa_type=INSTANT)
