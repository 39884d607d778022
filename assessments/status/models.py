"""Status lists and the places that awards have in them."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class StatusList(SQLModel, table=True):
    """A list of `size` bits, all public. `document` is its newest signed form, as it is served.

    Its id, and whose list it is, begin with `base_url`: the site's address that its badges were signed under.

    `changes` grows with every bit that is set; the signed form is stale while `signed_changes` differs. Real clock.
    """

    __tablename__ = "status_list"

    id: str = Field(primary_key=True, max_length=26)
    number: int = Field(unique=True)
    base_url: str = Field(default="", max_length=300)
    size: int
    taken: int = 0
    changes: int = 0
    signed_changes: int = -1
    document: bytes | None = Field(default=None, sa_type=LargeBinary)
    signed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    key_id: str = Field(default="", max_length=100)
    created_at: datetime = Field(sa_type=INSTANT)


class StatusEntry(SQLModel, table=True):
    """The place of an award in a list, drawn at random and never given again. `set_at` is when its bit was set.

    An award takes another place when it is reinstated, since a bit is never cleared.
    """

    __tablename__ = "status_entry"
    __table_args__ = (UniqueConstraint("list_id", "place"),)

    id: str = Field(primary_key=True, max_length=26)
    list_id: str = Field(foreign_key="status_list.id")
    place: int
    award_id: str = Field(foreign_key="award.id", index=True)
    taken_at: datetime = Field(sa_type=INSTANT)
    set_at: datetime | None = Field(default=None, sa_type=INSTANT)
