"""Every place where bytes of the store leave knows what the scanner said of them, or has nothing that people sent."""

import re

import pytest

from tests.house.sources import ROOT

GIVES = re.compile(r"\b(?:file_response|copy_response|clean_copy|draw_now|drawn)\((?!conn)|store\.(?:open|borrow)\b")
ASKS = re.compile(r"\b(?:let_out|stays|stays_now)\(")

ASKED = {
    "assessments/showing/routes.py": "assessments/evidence/handed.py",
    "assessments/showing/pages.py": "assessments/evidence/handed.py",
    "assessments/evidence/viewing_routes.py": "assessments/evidence/viewing.py",
    "assessments/exports/evidence.py": "assessments/exports/evidence.py",
    "assessments/personal/copying.py": "assessments/personal/copying.py",
    "assessments/awards/routes.py": "assessments/awards/evidence.py",
    "assessments/names/routes.py": "assessments/names/pages.py",
    "assessments/stated/routes.py": "assessments/stated/access.py",
    "assessments/packets/maker.py": "assessments/packets/maker.py",
}
"""Who gives files away that people sent, and where the gate is asked before."""

OTHERWISE = {
    "assessments/scanning/service.py": "the scanner itself",
    "assessments/scanning/routes.py": "the office takes what is held, which the log holds",
    "assessments/cleaning/copies.py": "makes the copies that the ways above give away",
    "assessments/showing/drawing.py": "draws the copies that the ways above give away",
    "assessments/completeness/looking.py": "whether a file opens at all, in words",
    "assessments/badges/pictures.py": "pictures of ours",
    "assessments/badges/picture_routes.py": "pictures of ours",
    "assessments/transcripts/routes.py": "documents of ours",
    "assessments/sharing/files.py": "documents of ours",
    "courses/catalogue/routes.py": "files of courses",
    "courses/catalogue/drafts/reading.py": "packages of authors",
    "courses/learning/routes.py": "files of courses",
    "courses/viewing/routes.py": "files of courses",
}


def _giving() -> set[str]:
    paths = [path for room in ("assessments", "courses") for path in (ROOT / room).rglob("*.py")]
    texts = {path: re.sub(r"def \w+\(|import .*", "", path.read_text("utf-8")) for path in paths}
    return {path.relative_to(ROOT).as_posix() for path, text in texts.items() if GIVES.search(text)}


def test_every_way_out_is_known() -> None:
    """A new way: ask `fourweek/scanning/gate.py` where the file is fetched, and say here where that is."""
    assert _giving() == {*ASKED, *OTHERWISE}


@pytest.mark.parametrize("path", sorted(set(ASKED.values())))
def test_the_gate_is_asked(path: str) -> None:
    assert ASKS.search((ROOT / path).read_text("utf-8"))
