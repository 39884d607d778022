"""Our style sheets say start and end, never left and right, so that pages turn with their language."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;{}]+);")
SIDED = re.compile(
    r"(?:left|right|top|bottom|(?:min-|max-)?(?:width|height)"
    r"|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius|overflow-[xy])"
)
ALIGNED = re.compile(r"(?:text-align|float|clear|justify-content|justify-items)")
ROUND = re.compile(r"(?:margin|padding|inset|border-width|border-radius)")
ALLOWED = {"overflow-x", "overflow-y"}
"""Those that scroll: Chromium knows no logical name for them."""
MOST_BYTES = 58_000


def sides(sheet: str) -> list[str]:
    """What in a style sheet stays on its side when the page turns."""
    return [f"{name}: {value}" for name, value in DECLARATION.findall(COMMENT.sub("", sheet)) if _is_sided(name, value)]


def _is_sided(name: str, value: str) -> bool:
    parts = re.findall(r"(?:[^\s(]|\([^)]*\))+", value)
    lopsided = ROUND.fullmatch(name) and len(parts) == 4 and parts[1] != parts[3]
    turned = ALIGNED.fullmatch(name) and value.strip() in {"left", "right"}
    return bool(lopsided or turned or (SIDED.fullmatch(name) and name not in ALLOWED))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_has_no_left_and_right(sheet: Path) -> None:
    assert sides(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "rule",
    ["margin-left: 1px", "left: 0", "text-align: right", "padding: 0 1px 0 2px", "width: 100%", "float: left"],
)
def test_the_check_can_fail(rule: str) -> None:
    assert sides(f"a {{\n  {rule};\n}}") == [rule]


@pytest.mark.parametrize(
    "rule", ["margin: 0 1px", "stroke-width: 2", "float: inline-start", "padding: 1px 2px 3px 2px"]
)
def test_the_check_lets_good_rules_pass(rule: str) -> None:
    assert sides(f"@media (max-width: 3rem) {{ a {{ {rule}; }} }}") == []


def test_all_sheets_together_stay_small() -> None:
    assert sum(sheet.stat().st_size for sheet in SHEETS) < MOST_BYTES
