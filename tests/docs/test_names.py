"""Commands, options, settings, addresses and targets that the documentation names are there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import compile_path

from fourweek import demo_clock
from fourweek.app import ROUTERS
from fourweek.settings import Settings
from tests.docs import commands
from tests.docs.pages import DOCS, PAGES, blocks, spans
from tests.house.sources import ROOT, name, text

HISTORY = ROOT / "CHANGELOG.md"
PRESENT = [page for page in PAGES if page != HISTORY]
COMMANDS = commands.tree()
SETTING = re.compile(r"\bFOURWEEK_[A-Z0-9_]*[A-Z0-9]\b")
OF_THE_TESTS = {"FOURWEEK_TEST_POSTGRES", "FOURWEEK_CHROMIUM"}
TARGETS = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
ROUTES = [route.path for router in (*ROUTERS, demo_clock.router) for route in router.routes if hasattr(route, "path")]
PATTERNS = [compile_path(path)[0] for path in ROUTES]
PLACES = ("/opt/", "/etc/", "/var/", "/mnt/", "/srv/", "/database/", "/keys.tar.age", "/own.tar")


def test_the_page_of_commands_is_true_and_whole() -> None:
    """`python -m tests.docs.commands` writes it anew."""
    assert text(commands.PAGE) == commands.page()


def test_every_word_that_a_command_takes_is_explained() -> None:
    assert re.findall(r"^\| `.+` \|\s+\|$", commands.page(), re.MULTILINE) == []


@pytest.mark.parametrize("page", PRESENT, ids=name)
def test_every_command_and_option_exists(page: Path) -> None:
    assert [line for line in _lines(page) if not _is_command(line)] == []


def _lines(page: Path) -> Iterator[str]:
    """What is said to be typed after `fourweek`, in blocks and between backticks."""
    typed = [line.strip() for block in blocks(page) for line in block.splitlines()] + spans(page)
    for line in typed:
        if found := re.search(r"(?:^|\s|/bin/)fourweek( [^#|>]*)", line):
            if not re.match(r"(?:[\w./-]*/)?fourweek|(?:[A-Z]\w+=|systemd-run|sudo)", line):
                continue
            yield f"fourweek{found.group(1)}".strip()


def _is_command(line: str) -> bool:
    words = shlex.split(line.replace("\\", ""))
    if words == ["fourweek", "--help"] or any(one.startswith(f"{' '.join(words)} ") for one in COMMANDS):
        return True
    named = next((" ".join(words[:size]) for size in (3, 2) if " ".join(words[:size]) in COMMANDS), None)
    if named is None:
        return False
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    return used <= commands.options(COMMANDS[named])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_exists(page: Path) -> None:
    known = {f"FOURWEEK_{field.upper()}" for field in Settings.model_fields} | OF_THE_TESTS
    assert set(SETTING.findall(text(page))) - known == set()


@pytest.mark.parametrize("page", PRESENT, ids=name)
def test_every_address_exists(page: Path) -> None:
    paths = [span.split("?")[0] for span in map(_path, spans(page)) if span]
    assert [path for path in paths if not _is_address(path)] == []


def _is_address(path: str) -> bool:
    """One of ours, or what several of ours begin with."""
    return any(route.match(path) for route in PATTERNS) or any(
        route.startswith(f"{path.rstrip('/')}/") for route in ROUTES
    )


def _path(span: str) -> str:
    """The path of an address of ours that is named alone or after its method, "" for anything else."""
    found = re.fullmatch(r"(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD) )?(/[^\s…*]*)", span)
    if found is None or found.group(1).startswith(PLACES):
        return ""
    return re.sub(r"\{\w+\}", "x", found.group(1))


@pytest.mark.parametrize("page", PRESENT, ids=name)
def test_every_target_of_make_exists(page: Path) -> None:
    typed = "\n".join((*blocks(page), *spans(page)))
    assert set(re.findall(r"^make ([a-z-]+)", typed, re.MULTILINE)) - TARGETS == set()


def test_addresses_and_commands_are_found_at_all() -> None:
    """The guards above would hold of pages in which they find nothing."""
    assert len({line for page in PRESENT for line in _lines(page)}) > 40
    assert len({path for page in PRESENT for path in map(_path, spans(page)) if path}) > 200
    assert commands.PAGE in PAGES
    assert "fourweek keys rotate --kind seal" in set(_lines(DOCS / "operating" / "keys.md"))
