"""SELECTs of the busiest pages, compiled once and handed to the driver as they are.

SQLAlchemy writes the text and knows how each value is stored; only its work around every single execution is left out,
which costs more than the database's own. A prepared statement reads in whatever transaction its connection is in.
"""

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

from fourweek.light import dataclass

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement in one database's dialect: its values in order as (name, conversion), and those it came with."""

    text: str
    wanted: tuple[tuple[str, Convert], ...]
    kept: dict[str, Any]
    is_positional: bool
    row: Callable[[list[Any]], Any]
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]


class Prepared:
    """A SELECT whose values are given by name at each reading; one that expands lists cannot be prepared."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self.statement = statement
        self._plans: dict[str, _Plan] = {}

    def all(self, conn: Connection, /, **given: Any) -> list[Any]:
        """Every row, as a named tuple with the labels that the statement selects. Raises SQLAlchemy's errors."""
        dialect = conn.dialect
        plan = self._plans.get(dialect.name) or self._plans.setdefault(dialect.name, _plan(self.statement, dialect))
        values = _values(plan, plan.kept | given)
        for listener in conn.dispatch.before_cursor_execute:
            listener(conn, None, plan.text, values, None, False)
        raw: Any = conn.connection.driver_connection
        try:
            found = raw.execute(plan.text, values).fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(plan.text, values, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
        return [_row(plan, row) for row in found]

    def first(self, conn: Connection, /, **given: Any) -> Any | None:
        """The first row, or None."""
        found = self.all(conn, **given)
        return found[0] if found else None


def _values(plan: _Plan, given: dict[str, Any]) -> list[Any] | dict[str, Any]:
    if plan.is_positional:
        return [convert(given[name]) if convert else given[name] for name, convert in plan.wanted]
    return {name: convert(given[name]) if convert else given[name] for name, convert in plan.wanted}


def _row(plan: _Plan, found: tuple[Any, ...]) -> Any:
    cells = list(found)
    for place, convert in plan.conversions:
        cells[place] = convert(cells[place])
    return plan.row(cells)


def _plan(statement: Select[Any] | CompoundSelect[Any], dialect: Dialect) -> _Plan:
    compiled: Any = statement.compile(dialect=dialect)
    names = list(compiled.positiontup if compiled.positional else compiled.binds)
    binds = {name: compiled.binds[name] for name in names}
    if any(bind.expanding for bind in binds.values()):
        raise TypeError("a statement that expands a list has no text of its own")
    columns = list(enumerate(statement.selected_columns))
    kinds = [(place, column.type.dialect_impl(dialect)) for place, column in columns]
    conversions = [(place, kind.result_processor(dialect, None)) for place, kind in kinds]
    make: Any = namedtuple  # the names are known when it runs only
    row = make("Found", [column.key for _, column in columns], rename=True)
    return _Plan(
        text=compiled.string,
        wanted=tuple((name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names),
        kept={name: bind.value for name, bind in binds.items() if not bind.required},
        is_positional=compiled.positional,
        row=row._make,
        conversions=tuple((place, convert) for place, convert in conversions if convert),
    )
