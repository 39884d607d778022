"""Running axe-core in a page. It needs its locked package (`make axe`)."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

HERE: Final = Path(__file__).parent
SOURCE: Final = HERE / "node_modules" / "axe-core" / "axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules whose answer another colour scheme can change."""

RUN: Final = """([rules, all]) => axe.run(document, {
  runOnly: {type: all ? "tag" : "rule", values: rules}, resultTypes: ["violations"], elementRef: false,
})"""
SHOWN = 3


def missing() -> str:
    """What is not there to run it; "" when all is."""
    return "" if SOURCE.exists() else "axe-core is not installed, so nobody looked for barriers; run `make axe`"


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8")


def violations(page: Page, *, colours_alone: bool = False) -> list[str]:
    """What axe finds on the page as it stands, a line each, with some of the elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    rules = list(OF_COLOURS if colours_alone else TAGS)
    found = page.evaluate(RUN, [rules, not colours_alone])
    return [_line(one) for one in found["violations"]]


def _line(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    where = "; ".join(node["html"][:160] + _why(node) for node in nodes[:SHOWN])
    return f"{violation['id']} ({len(nodes)}): {where}"


def _why(node: dict[str, Any]) -> str:
    """Colours and sizes are said by the check's own message."""
    said = [check["message"] for check in (*node["any"], *node["all"], *node["none"])]
    return f" [{said[0][:160]}]" if said else ""
