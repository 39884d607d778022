"""The web application may import this folder without paying for linked data, pictures or cryptography."""

import subprocess
import sys
from importlib.resources import files

import pytest

HEAVY = ("pyld", "lxml", "PIL", "cryptography")
LIGHT = ("baking", "checks", "document", "facts", "identity", "keys", "multikey", "picture", "plain", "proof", "times")


@pytest.mark.parametrize("module", LIGHT)
def test_module_is_cheap_to_import(module: str) -> None:
    look = f"import sys, assessments.badges.{module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_light_module_is_listed() -> None:
    found = {
        entry.name.removesuffix(".py") for entry in files("assessments.badges").iterdir() if entry.name[0] not in "_."
    }
    assert set(LIGHT) | {"canonical", "contexts"} <= found
