"""No float touches a credit: neither the word, nor such a number, nor a division that makes one."""

import ast
from pathlib import Path

import pytest

import assessments.credit

HOUSE = Path(assessments.credit.__file__).parents[1]
FOLDERS = (
    *("credit", "equivalence", "corrections", "holds", "merging", "stated", "licences", "reports"),
    *("transcripts", "certificates", "packets", "clr", "record", "verify", "sharing"),
)
FILES = sorted(path for folder in FOLDERS for path in (HOUSE / folder).rglob("*.py"))


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
        case ast.BinOp(left=ast.Name(id="folder"), op=ast.Div()):
            return None  # a path, not a number
        case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str())):
            return None  # a path, not a number
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "division"
        case ast.Name(id="float" | "round" | "math") | ast.Attribute(attr="float" | "truediv"):
            return "name"
    return None


def test_credit_code_is_exact() -> None:
    found = {str(path): inexact(ast.parse(path.read_text("utf-8"))) for path in FILES}
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_there_is_code_to_check() -> None:
    assert {path.name for path in FILES} >= {"rules.py", "rulebook.py", "chain.py", "counting.py"}
    assert {path.relative_to(HOUSE).parts[0] for path in FILES} == set(FOLDERS)


@pytest.mark.parametrize(
    "line", ["x = 0.5", "x = a / b", "a /= b", "x = float(a)", "x: float = a", "x = round(a)", "math.ceil(a)"]
)
def test_the_check_can_fail(line: str) -> None:
    assert len(inexact(ast.parse(line))) == 1


@pytest.mark.parametrize("line", ['a / "b"', "folder / a"])
def test_a_path_is_no_number(line: str) -> None:
    assert inexact(ast.parse(line)) == []
