"""Which files rows name: each noun says in one line where its digests stand; the store's keepers ask by digest."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Subquery,
    Table,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)

from fourweek.database import WHOLE
from fourweek.light import dataclass

BATCH = 500


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The files that a table's rows name: the column of the digest, and of the size where there is one.

    `living` leaves out rows that no longer name their file.
    """

    table: Table
    sha256: str
    size: str = ""
    living: ColumnElement[bool] | None = None

    @property
    def digest(self) -> Column[Any]:
        return self.table.c[self.sha256]

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        return () if self.living is None else (self.living,)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A digest that rows name, and the sizes they give; None where no row gives one."""

    sha256: str
    least: int | None
    most: int | None


def named(conn: Connection, sources: Sequence[NamedFiles], digests: Collection[str]) -> set[str]:
    """Which of these digests any row names."""
    asked = [select(source.digest).where(source.digest.in_(digests), *source.conditions) for source in sources]
    return set(conn.execute(union_all(*asked)).scalars())


def named_after(conn: Connection, sources: Sequence[NamedFiles], after: str) -> list[NamedFile]:
    """The next batch of digests that rows name, in order; `after` is the last one of the batch before, "" at first."""
    every = union_all(*(select(_batch(source)) for source in sources)).subquery()
    batch = (
        select(every.c.sha256, func.min(every.c.least), func.max(every.c.most))
        .group_by(every.c.sha256)
        .order_by(every.c.sha256)
        .limit(BATCH)
    )
    return [NamedFile(*row) for row in conn.execute(batch, {"after": after})]


def _batch(source: NamedFiles) -> Subquery:
    """The first batch of one source, of which the first of all sources are a part."""
    size = source.table.c[source.size] if source.size else cast(null(), WHOLE)
    return (
        select(source.digest.label("sha256"), func.min(size).label("least"), func.max(size).label("most"))
        .where(source.digest > bindparam("after"), *source.conditions)
        .group_by(source.digest)
        .order_by(source.digest)
        .limit(BATCH)
        .subquery()
    )


def rows_naming(conn: Connection, sources: Sequence[NamedFiles], sha256: str, most: int = 5) -> list[str]:
    """Some of the rows that name a file, for a person to look up: `evidence 01J…`."""
    found: list[str] = []
    for source in sources:
        ids = select(source.table.c.id).where(source.digest == sha256, *source.conditions).limit(most - len(found))
        found += [f"{source.table.name} {row_id}" for row_id in conn.execute(ids).scalars()]
    return found
