"""The pages of the documentation, as its guards read them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.sources import ROOT, text

DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    """The blocks of code, whatever their language."""
    return [body for _, body in FENCED.findall(text(page))]


@cache
def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCED.sub("", text(page))


def spans(page: Path) -> list[str]:
    """What stands between backticks in running text and tables."""
    return CODE.findall(prose(page))


def links(page: Path) -> Iterator[str]:
    """Where the page leads and which pictures it shows, as it is written."""
    for one in LINK.finditer(CODE.sub("", prose(page))):
        yield one.group(1) or one.group(2)


@cache
def anchors(page: Path) -> frozenset[str]:
    """The addresses of its headings, as code hosts and the site's builder both make them."""
    return frozenset(_slug(heading) for heading in HEADING.findall(prose(page)))


def _slug(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", letters).strip().lower())
