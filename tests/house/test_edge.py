"""How requests are served, and what nobody does: idle wrappers, handlers that block, clocks read on the side."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import CODE, CORE, mentioning, name, names_used, python_files, text, tree

VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "route", "api_route", "websocket"}
FILES = python_files(*CODE)
SERVED = ("@app.", "@api.", "@routes.", "router.")

BANNED = {
    "BaseHTTPMiddleware": "a pure ASGI class is ten times cheaper",
    "Depends": "a handler makes one call of read or write and gets its session there",
    "utcnow": "it has no zone",
    "create_all": "the tables come from migrations",
}

CLOCKS = {("datetime", "now"), ("datetime", "today"), ("date", "today"), ("time", "time")}
READS = {f".{verb}(" for _, verb in CLOCKS}
THE_CLOCK = CORE / "clock.py"
STANDARD = re.compile(r"from dataclasses import (?:\([^)]*|[^\n]*)\bdataclass\b|dataclasses\.dataclass\b")
STANDARD_HERE = {"platform/fourweek/light.py", "assessments/transcripts/parts.py"}
"""What makes the quick ones, and what says why it cannot be one of them."""


def sync_routes(module: ast.Module) -> list[str]:
    """Plain functions that a router or app serves, as "line: name"."""
    return [
        f"{node.lineno}: {node.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and any(is_route(decorator) for decorator in node.decorator_list)
    ]


def is_route(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=verb)):
            return verb in VERBS and (owner in {"app", "api", "routes"} or owner.endswith("router"))
    return False


def clock_reads(module: ast.Module) -> list[int]:
    """Lines that ask the machine for the time of day."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and (getattr(node.func.value, "id", getattr(node.func.value, "attr", "")), node.func.attr) in CLOCKS
    ]


def float_columns(module: ast.Module) -> list[str]:
    """Fields of tables that are floats, as "Table.field"."""
    tables = [n for n in ast.walk(module) if isinstance(n, ast.ClassDef) and any(k.arg == "table" for k in n.keywords)]
    return [
        f"{table.name}.{field.target.id}"
        for table in tables
        for field in table.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if any(isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(field.annotation))
    ]


@pytest.mark.parametrize("banned", BANNED)
def test_nobody_uses(banned: str) -> None:
    files = mentioning(FILES, banned)
    found = [f"{name(path)}:{line}" for path in files for line, used in names_used(path) if used == banned]
    assert found == [], BANNED[banned]


def test_every_route_is_async() -> None:
    assert {name(path): found for path in mentioning(FILES, *SERVED) if (found := sync_routes(tree(path)))} == {}


def test_one_file_alone_reads_the_clock() -> None:
    assert [name(path) for path in mentioning(FILES, *READS) if clock_reads(tree(path))] == [name(THE_CLOCK)]


def test_dataclasses_are_those_that_are_quick_to_make() -> None:
    assert {name(path) for path in FILES if STANDARD.search(text(path))} == STANDARD_HERE


def test_no_table_keeps_a_float() -> None:
    assert {name(path): found for path in mentioning(FILES, "float") if (found := float_columns(tree(path)))} == {}


def test_there_are_routes_and_tables_to_check() -> None:
    async_routes = [
        node
        for path in mentioning(FILES, *SERVED)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AsyncFunctionDef) and any(is_route(decorator) for decorator in node.decorator_list)
    ]
    assert len(async_routes) > 3
    assert sum("table=True" in text(path) for path in FILES) > 5


def test_the_checks_can_fail() -> None:
    assert sync_routes(ast.parse("@router.get('/')\ndef page(): ...")) == ["2: page"]
    assert sync_routes(ast.parse("@router.get('/')\nasync def page(): ...")) == []
    assert clock_reads(ast.parse("datetime.now(UTC)\ndt.datetime.now()\ntime.time()\ntime.monotonic()")) == [1, 2, 3]
    assert float_columns(ast.parse("class A(B, table=True):\n    x: float | None\n    y: int")) == ["A.x"]


def test_banned_names_are_seen_however_they_are_reached(tmp_path: Path) -> None:
    file = tmp_path / "wrapper.py"
    file.write_text("from x import BaseHTTPMiddleware\nbase.BaseHTTPMiddleware\nBaseHTTPMiddleware", "utf-8")
    assert [line for line, used in names_used(file) if used == "BaseHTTPMiddleware"] == [1, 2, 3]
