"""The patterns page shows every component, and what it shows is well formed for readers and machines."""

import itertools
import json
import re

import pytest

from fourweek import assets
from fourweek.patterns import example_page
from tests.templates.examples import environment, frame
from tests.templates.markup import Element, elements

PARTS = {"drawn", "drawn_pill", "sign", "about", "help", "optional"}
STATES = (
    *(f"tone-{tone}" for tone in ("plain", "info", "good", "warn", "bad", "locked", "waiting")),
    *(f"button-{kind}" for kind in ("primary", "secondary", "danger", "plain", "small")),
    *(f"is-{state}" for state in ("done", "current", "todo", "locked", "chosen")),
    *("empty", "held", "panel-first", "table-cards", "group-levels", "optional", "save-state", "sample-dark", "links"),
    *("aria-invalid=true", "aria-busy=true", "dir=rtl", "dir=auto", "aria-current=page", "aria-current=step"),
)
CONTROLS = {"input", "select", "textarea"}


@pytest.fixture(scope="module")
def patterns() -> str:
    return environment().get_template("patterns.html").render(frame=frame(), page=example_page())


@pytest.fixture(scope="module")
def found(patterns: str) -> list[Element]:
    return elements(patterns)


def test_patterns_shows_every_component() -> None:
    folder = assets.folder("templates")
    sources = [folder / "patterns.html", folder / "base.html", *(folder / "patterns").glob("*.html")]
    used = set(re.findall(r"\bui\.(\w+)\(", "".join(path.read_text() for path in sources)))
    # A token stands in every form by itself; the mark is in the head of every page; a digest in a file row.
    offered = set(re.findall(r"{% set (\w+) =", (folder / "ui/ui.html").read_text())) - {"mark", "digest"}
    assert offered - used == set()


def test_every_macro_is_offered_or_a_named_part_of_one() -> None:
    folder = assets.folder("templates") / "ui"
    text = "".join(path.read_text() for path in folder.glob("*.html"))
    offered = set(re.findall(r"{% set (\w+) =", (folder / "ui.html").read_text()))
    assert set(re.findall(r"{% macro (\w+)\(", text)) - offered == PARTS


@pytest.mark.parametrize("state", STATES)
def test_patterns_shows_every_state(found: list[Element], state: str) -> None:
    """`state` is a class, or an attribute and its value."""
    name, _, value = state.rpartition("=")
    shown = [got for _, got in found if (value in got.get("class", "").split() if not name else got.get(name) == value)]
    assert shown != []


def test_the_dark_sample_has_the_colours_of_the_dark() -> None:
    css = assets.folder("static") / "css"
    dark = (css / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")[1]
    ours = re.findall(r"--[\w-]+: #[0-9a-f]{6};", dark)
    assert re.findall(r"--[\w-]+: #[0-9a-f]{6};", (css / "patterns.css").read_text()) == ours


def test_patterns_has_nothing_inline(found: list[Element]) -> None:
    for tag, attributes in found:
        assert tag != "style"
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_every_id_is_there_once(found: list[Element]) -> None:
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_every_control_has_a_label_and_its_descriptions_exist(found: list[Element]) -> None:
    ids = {attributes["id"] for _, attributes in found if "id" in attributes}
    labels = {attributes["for"] for tag, attributes in found if tag == "label"}
    controls = [attributes for tag, attributes in found if tag in CONTROLS and attributes.get("type") != "hidden"]
    assert len(controls) > 15
    assert {control["id"] for control in controls} == labels
    for _, attributes in found:
        assert set(attributes.get("aria-describedby", "").split()) <= ids


def test_every_invalid_control_says_why(found: list[Element]) -> None:
    invalid = [attributes for _, attributes in found if attributes.get("aria-invalid") == "true"]
    assert len(invalid) > 5
    assert all(re.search(r"-error\b", attributes["aria-describedby"]) for attributes in invalid)


def test_every_posting_form_begins_with_the_token(found: list[Element]) -> None:
    following = itertools.pairwise(found)
    firsts = [after for (tag, attributes), after in following if tag == "form" and attributes.get("method") == "post"]
    assert len(firsts) > 3
    assert all(first == ("input", {"type": "hidden", "name": "form_token", "value": "a\"b<c'd"}) for first in firsts)


def test_body_gives_htmx_the_token(found: list[Element]) -> None:
    body = next(attributes for tag, attributes in found if tag == "body")
    assert json.loads(body["hx-headers"]) == {"X-Form-Token": "a\"b<c'd", "X-Whose": ""}


def test_htmx_runs_nothing_and_shows_form_errors(found: list[Element]) -> None:
    metas = {attributes.get("name"): attributes for tag, attributes in found if tag == "meta"}
    config = json.loads(metas["htmx-config"]["content"])
    handling = config.pop("responseHandling")
    assert config == {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "reportValidityOfForms": True,
    }
    first = next(rule for rule in handling if re.search(rule["code"], "422"))
    assert first == {"code": "422", "swap": True}


def test_headings_never_skip_a_level(found: list[Element]) -> None:
    levels = [int(tag[1]) for tag, _ in found if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
