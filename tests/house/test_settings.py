"""The page of settings says what `Settings` says: every name, its default and its meaning, in the same order."""

import re
from typing import Any

from fourweek.settings import Settings
from tests.house.sources import ROOT

ROW = re.compile(r"^\| `FOURWEEK_.*$", re.MULTILINE)


def _said(default: Any) -> str:
    """A default as an operator would type it."""
    if str(default) in ("", "()"):
        return "empty"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{default}`"


def _rows() -> list[str]:
    fields = Settings.model_fields.items()
    return [f"| `FOURWEEK_{name.upper()}` | {_said(field.default)} | {field.description} |" for name, field in fields]


def test_the_page_of_settings_is_true_and_whole() -> None:
    assert ROW.findall((ROOT / "docs" / "settings.md").read_text("utf-8")) == _rows()


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")] == []
