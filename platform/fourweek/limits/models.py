"""How often something was tried in a span of time, counted where all processes see it."""

from sqlmodel import Field, SQLModel


class AttemptCount(SQLModel, table=True):
    """`count` tries of `kind` by whoever hides behind `key` (64 hex digits, never a name or an address) in a span.

    `span` is the number of the span of time, counted from 1970 by the limit's own length. Old rows are swept away.
    """

    __tablename__ = "attempt_count"

    kind: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=64)
    span: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, index=True)
    count: int
