"""What learners hand in and what graders say about it, read from `texts/`: a folder for each piece of work.

`<requirement>.md` is a text and `<requirement>.links` a list of links; a folder `<requirement>/` holds files.
`judgement.toml` is what graders say. The worksheet and the chart are worked out, not stored.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from assessments.grading.rules import Scoring
from fourweek.cli.seed.chart import utilisation_png
from fourweek.cli.seed.voices import Voice
from fourweek.cli.seed.worksheets import daily_csv, worksheet
from fourweek.light import dataclass

TEXTS = Path(__file__).parent / "texts"
CHART = "utilisation.png"
WORKED_OUT = {"{worksheet}": worksheet, "{daily}": daily_csv}
"""Files that hold only such a mark are worked out from the learner's counts."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file for the requirement `key`."""

    key: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: texts and links by requirement, and files."""

    texts: dict[str, str]
    links: dict[str, str]
    files: tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a grader gives and writes; `message` where evidence is returned as incomplete."""

    scoring: Scoring
    message: str = ""


def read_work(name: str, voice: Voice) -> Work:
    """The work `texts/<name>`, told of the voice's service."""
    folder = TEXTS / name
    return Work(
        texts={path.stem: voice.fill(path.read_text("utf-8")).strip() for path in sorted(folder.glob("*.md"))},
        links={path.stem: path.read_text("utf-8").strip() for path in sorted(folder.glob("*.links"))},
        files=tuple(_files(folder, voice)),
    )


def read_judgement(name: str) -> Judgement:
    """What graders say about the work `texts/<name>`."""
    told = tomllib.loads((TEXTS / name / "judgement.toml").read_text("utf-8"))
    scoring = Scoring(told.get("levels", {}), told.get("comments", {}), told.get("comment", ""))
    return Judgement(scoring, told.get("message", ""))


def _files(folder: Path, voice: Voice) -> Iterator[Attached]:
    for path in sorted(folder.glob("*/*")):
        raw = path.read_text("utf-8")
        worked_out = WORKED_OUT.get(raw.strip())
        text = worked_out(voice) if worked_out else voice.fill(raw)
        yield Attached(path.parent.name, path.name, text.encode())
        if CHART in text:
            yield Attached(path.parent.name, CHART, utilisation_png())
