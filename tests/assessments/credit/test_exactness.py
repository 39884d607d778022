"""No float touches a credit: neither the word, nor such a number, nor a division that makes one."""

import ast
from pathlib import Path

import pytest

import assessments.credit

FOLDER = Path(assessments.credit.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def inexact(tree: ast.AST) -> list[str]:
    """Everything in the tree that is a float or could make one, as "line: what"."""
    return [
        f"{node.lineno}: {what}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt) and (what := fault(node))
    ]


def fault(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=float() | complex()):
            return "number"
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "division"
        case ast.Name(id="float" | "round" | "math") | ast.Attribute(attr="float" | "truediv"):
            return "name"
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_credit_code_is_exact(path: Path) -> None:
    assert inexact(ast.parse(path.read_text("utf-8"))) == []


def test_there_is_code_to_check() -> None:
    assert {path.name for path in FILES} >= {"rules.py", "rulebook.py", "chain.py"}


@pytest.mark.parametrize(
    "line", ["x = 0.5", "x = a / b", "a /= b", "x = float(a)", "x: float = a", "x = round(a)", "math.ceil(a)"]
)
def test_the_check_can_fail(line: str) -> None:
    assert len(inexact(ast.parse(line))) == 1
