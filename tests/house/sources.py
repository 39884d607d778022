"""The project's own files, as the guards look at them."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "platform" / "fourweek"
CODE = (CORE, ROOT / "courses", ROOT / "assessments")
TESTS = ROOT / "tests"
TEMPLATES = ROOT / "templates"


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


@cache
def text(path: Path) -> str:
    return path.read_text("utf-8")


def mentioning(paths: Iterable[Path], *words: str) -> list[Path]:
    """Those in whose text one of the words stands: no other needs to be parsed, which is dear."""
    return [path for path in paths if any(word in text(path) for word in words)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module imported anywhere in the file, inside functions and for types alone too, as (line, dotted name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and _called(node.func) in {"import_module", "__import__"}:
            yield from ((node.lineno, ast.literal_eval(a)) for a in node.args[:1] if _is_text(a))


def names_used(path: Path) -> Iterator[tuple[int, str]]:
    """Every bare name, attribute and imported name, as (line, name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
