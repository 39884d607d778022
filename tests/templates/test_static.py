"""Style sheets and vendored files: contrast, dangling names, licences."""

import hashlib
import re

import pytest

from fourweek import assets

STATIC = assets.folder("static")
SHEETS = sorted((STATIC / "css").glob("*.css"))
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in ("paper", "sheet", "tint")),
    *((tone, f"{tone}-tint") for tone in ("good", "warn", "bad")),
    *((tone, ground) for tone in ("good", "warn", "bad") for ground in ("paper", "sheet")),
    *(("ink", f"{tone}-tint") for tone in ("good", "warn", "bad")),
    *(("accent", f"{tone}-tint") for tone in ("good", "warn", "bad")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("accent-deep", "tint"),
]
LINES = [(line, ground) for line in ("line", "focus") for ground in ("paper", "sheet", "tint")]


def tokens(scheme: str) -> dict[str, str]:
    text = (STATIC / "css/tokens.css").read_text()
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else found


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1 to 21, of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_knows_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_easy_to_read(scheme: str) -> None:
    colours = tokens(scheme)
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_can_be_seen(scheme: str) -> None:
    colours = tokens(scheme)
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in LINES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_every_token_that_is_used_is_defined() -> None:
    text = "".join(sheet.read_text() for sheet in SHEETS)
    assert set(re.findall(r"var\(--([\w-]+)", text)) - set(re.findall(r"--([\w-]+):", text)) == set()


def test_colours_are_named_in_the_tokens_only() -> None:
    named = {sheet.name for sheet in SHEETS if re.search(r"#[0-9a-f]{3,8}\b", sheet.read_text())}
    assert named <= {"tokens.css", "print.css", "patterns.css"}


def test_every_address_in_a_sheet_is_a_file_of_ours() -> None:
    addresses = [(sheet, url) for sheet in SHEETS for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text())]
    assert len(addresses) == 3
    assert all((sheet.parent / url).is_file() for sheet, url in addresses)


def test_sources_table_names_every_vendored_file() -> None:
    rows = re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", (STATIC / "vendor/SOURCES.md").read_text(), re.M)
    files = [path for path in (STATIC / "vendor").rglob("*.*") if path.suffix != ".md"]
    digests = {
        str(path.relative_to(STATIC / "vendor")): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    assert dict(rows) == digests
    assert all((path.parent / "LICENSE").is_file() for path in files)


def test_faces_together_are_small() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "vendor").rglob("*.woff2")) < 150_000
