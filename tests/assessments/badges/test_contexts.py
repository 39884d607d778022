import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest

from assessments.badges import contexts

SOURCES = Path(str(files(contexts))) / "SOURCES.md"


def _rows() -> list[list[str]]:
    lines = SOURCES.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if ".json |" in line]


def test_sources_table_names_every_file_with_its_hash() -> None:
    stated = {row[0]: row[4] for row in _rows()}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in SOURCES.parent.glob("*.json")}
    assert stated == found


def test_sources_table_and_pins_agree() -> None:
    assert {row[1]: (row[0], row[4]) for row in _rows()} == contexts.PINNED


def test_every_source_has_version_and_licence() -> None:
    assert all(row[2] and row[3] for row in _rows())


@pytest.mark.parametrize("url", contexts.PINNED)
def test_pinned_context_is_read_from_its_file(url: str) -> None:
    name, _ = contexts.PINNED[url]
    assert contexts.load_pinned(url)["document"] == json.loads((SOURCES.parent / name).read_text("utf-8"))


def test_other_address_is_refused() -> None:
    with pytest.raises(contexts.UnknownContextError, match=r"https://evil\.example/context"):
        contexts.load_pinned("https://evil.example/context")


def test_changed_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(contexts.PINNED, "https://damaged.example/", ("ob-3.0.3.json", "0" * 64))
    with pytest.raises(contexts.DamagedContextError, match="Install fourweek again"):
        contexts.pinned_context("https://damaged.example/")


def test_unpinned_contexts_are_found_in_every_part() -> None:
    document = {
        "@context": [contexts.CREDENTIALS_V2, "https://one.example/"],
        "issuer": {"@context": {"name": "https://two.example/"}},
        "evidence": [{"@context": "https://three.example/"}, {"@context": contexts.OPEN_BADGES}],
    }
    found = contexts.unpinned_contexts(document)
    assert set(found) == {"https://one.example/", "https://three.example/", contexts.INLINE}
