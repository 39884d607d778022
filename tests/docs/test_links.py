"""Every link and picture of the documentation leads somewhere; the site is all of it, and asks nothing of others."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import DOCS, FENCED, PAGES, anchors, links, prose
from tests.house.sources import ROOT, name, text

SITE = tomllib.loads(text(ROOT / "zensical.toml"))["project"]
OUTSIDE = ("https://", "http://", "mailto:")
LIVE = ("<script", "<iframe", "<link", "<object", "<embed", "<video", "<audio", "<style")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_picture_is_there(page: Path) -> None:
    assert [link for link in links(page) if not link.startswith(OUTSIDE) and not _leads_somewhere(page, link)] == []


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or (target.suffix == ".md" and anchor in anchors(target)))


def test_pages_of_the_site_lead_to_nothing_beside_it() -> None:
    """What lies outside of docs/ is not on the site: name it in code, without a link."""
    beside = [
        (name(page), link)
        for page in PAGES
        for link in links(page)
        if page.is_relative_to(DOCS) and not link.startswith(("#", *OUTSIDE))
        if not (page.parent / link.partition("#")[0]).resolve().is_relative_to(DOCS)
    ]
    assert beside == []


def test_every_page_has_a_place_on_the_site_and_no_place_is_empty() -> None:
    """A new page: give it a place in zensical.toml."""
    decisions = set(DOCS.glob("decisions/0*.md"))
    placed = [DOCS / path for path in _placed(SITE["nav"])]
    assert sorted(placed) == sorted(set(DOCS.rglob("*.md")) - decisions)


def _placed(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for inner in entry.values():
            yield from [inner] if isinstance(inner, str) else _placed(inner)


def test_the_page_of_decisions_names_each_by_its_title() -> None:
    """A new decision: add its line to docs/decisions/index.md."""
    titles = [(text(path).split("\n", 1)[0], path.name) for path in sorted(DOCS.glob("decisions/0*.md"))]
    lines = [f"{number}. [{title}]({file})" for said, file in titles for number, title in [said[2:].split(". ", 1)]]
    assert [line for line in text(DOCS / "decisions" / "index.md").splitlines() if line[:1].isdigit()] == lines


def test_the_site_asks_nothing_of_other_sites() -> None:
    """Without these the theme loads fonts, asks a code host about stars, counts visits, or draws with a library."""
    assert SITE["theme"]["font"] is False
    assert {"repo_url", "extra_javascript"} & set(SITE) == set()
    assert SITE["extra_css"] == ["site.css"]
    assert [word for word in ("url(", "@import") if word in text(DOCS / "site.css")] == []
    assert set(SITE["extra"]) == {"generator"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_relative_to(DOCS)], ids=name)
def test_a_page_loads_nothing_from_elsewhere(page: Path) -> None:
    assert [word for word in LIVE if word in prose(page).lower()] == []
    assert "](http" not in "".join(part[-200:] for part in prose(page).split("![")[1:] if part.startswith("]("))
    assert {language for language, _ in FENCED.findall(text(page))} <= {"", "json", "python", "toml", "sql", "html"}
