"""The web application may import this folder without paying for linked data, pictures or cryptography."""

import subprocess
import sys

import pytest

HEAVY = ("pyld", "lxml", "PIL", "cryptography")
LIGHT = (
    "baking",
    "checks",
    "document",
    "facts",
    "identity",
    "keys",
    "multikey",
    "picture",
    "plain",
    "proof",
    "svg_baking",
    "times",
)


@pytest.mark.parametrize("module", LIGHT)
def test_module_is_cheap_to_import(module: str) -> None:
    look = f"import sys, assessments.badges.{module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
