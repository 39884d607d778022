"""Running the verifier in `check.mjs`, which needs node and its locked packages (`make interop`)."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from assessments.badges.times import zulu

HERE: Final = Path(__file__).parent
SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Case:
    """Something to be checked: a "badge", a status "list" or a "token"; `list` takes the place of the badge's own."""

    name: str
    kind: str
    text: str
    list: str = ""


def missing() -> str:
    """What is not there to run it; "" when all is."""
    if shutil.which("node") is None:
        return "node is not installed; nobody but ourselves checks our badges in this run"
    if not (HERE / "node_modules" / "jose").exists():
        return "the packages of tests/interop are not installed; run `make interop`"
    return ""


def refusals(cases: Sequence[Case], documents: Mapping[str, Any], now: datetime, folder: Path) -> dict[str, str]:
    """Case → why it is refused, "" where it is accepted. `documents` is all that the verifier may look up."""
    asked = {"documents": documents, "now": zulu(now), "cases": [asdict(case) for case in cases]}
    path = folder / "asked.json"
    path.write_text(json.dumps(asked), "utf-8")
    command = ["node", "check.mjs", str(path)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found
