"""The two clocks of law 3: the real one, and the school's that only a demonstration moves, forward."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update
from sqlmodel import Field, SQLModel

from fourweek.database import table
from fourweek.errors import Invalid
from fourweek.language import N_
from fourweek.light import dataclass


class SchoolClock(SQLModel, table=True):
    """One row at most: how far a demonstration has moved the school's clock, whole seconds."""

    __tablename__ = "school_clock"

    id: int = Field(default=1, primary_key=True)
    ahead_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Now:
    """The present as a request or a tick sees it, aware UTC.

    `real` is for sign-ins, leases, retries, limits, audit and signatures; `school` for every date of the school.
    """

    real: datetime
    school: datetime

    def school_at(self, real: datetime | None) -> datetime:
        """The school's time at an earlier instant of the real clock; now for None, and never later than now."""
        return self.school if real is None else self.school - max(self.real - real, timedelta(0))


def real_time() -> datetime:
    """The only place where the machine's clock is read for decisions."""
    return datetime.now(UTC)


ahead = table(SchoolClock).c.ahead_seconds
AHEAD = select(ahead).limit(1).scalar_subquery()
_READ_AHEAD = select(ahead)


def now_at(real: datetime, ahead_seconds: int | None) -> Now:
    return Now(real=real, school=real + timedelta(seconds=ahead_seconds or 0))


def school_now(conn: Connection, real: datetime) -> Now:
    """Both clocks for the real instant `real`."""
    return now_at(real, conn.execute(_READ_AHEAD).scalar())


def move_forward(conn: Connection, step: timedelta) -> None:
    """Move the school's clock forward by `step`; raises Invalid for a step back or one beyond a year."""
    if not timedelta(0) < step <= timedelta(days=366):
        raise Invalid({"step": N_("The clock moves forward only, at most a year at a time.")})
    row = table(SchoolClock)
    if not conn.execute(update(row).values(ahead_seconds=row.c.ahead_seconds + int(step.total_seconds()))).rowcount:
        conn.execute(insert(row).values(id=1, ahead_seconds=int(step.total_seconds())))
