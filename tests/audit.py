"""`make audit`: known weaknesses in our own code (bandit) and in every locked package (pip-audit).

Exits 1 where something is found that stands in no list below. Without a network nobody can be asked about packages:
that is said aloud, and is no failure.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CODE = ("platform", "courses", "assessments")
BIN = Path(sys.executable).parent

OWN_NAMES = "names of our own tables and columns alone; values are bound"
KNOWN: Mapping[tuple[str, str], str] = {
    ("courses/packages/frontmatter.py", "B506"): "the plainest loader makes texts, lists and dictionaries alone",
    ("platform/fourweek/pages.py", "B704"): "a template of ours that is given nothing, escaped by its own rendering",
    ("platform/fourweek/table_cards.py", "B704"): "the rows of a table of ours, escaped by their own rendering",
    ("platform/fourweek/accounts/second/sealing.py", "B704"): "a drawing of ours",
    ("platform/fourweek/backup/integrity.py", "B608"): OWN_NAMES,
    ("platform/fourweek/backup/loading.py", "B608"): OWN_NAMES,
    ("platform/fourweek/backup/rows.py", "B608"): OWN_NAMES,
    ("platform/fourweek/migrations/versions/0011_evidence.py", "B608"): OWN_NAMES,
    ("platform/fourweek/migrations/versions/0015_badges.py", "B608"): OWN_NAMES,
}
"""What bandit finds of middle or high weight, and why it stands. What is light is ruff's (S), line by line."""

TAKEN: Mapping[str, str] = {}
"""Weaknesses of packages that we live with, by their number, and why. None."""


def weak_code(report: Mapping[str, Any]) -> list[str]:
    """What bandit's report holds that is not known, a line each; and what is known of and not there any more."""
    found = {(Path(one["filename"]).as_posix().removeprefix("./"), one["test_id"]): one for one in report["results"]}
    new = [
        f"{file}:{one['line_number']} {rule} {one['issue_text']}"
        for (file, rule), one in found.items()
        if (file, rule) not in KNOWN
    ]
    return new + [
        f"{file} {rule}: nothing is found there any more, so take it out of KNOWN"
        for file, rule in KNOWN.keys() - found
    ]


def weak_packages(report: Mapping[str, Any]) -> list[str]:
    """Every weakness that pip-audit knows of and we do not live with, a line each."""
    return [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {_mended(weakness)}"
        for package in report["dependencies"]
        for weakness in package.get("vulns", ())
        if weakness["id"] not in TAKEN
    ]


def _mended(weakness: Mapping[str, Any]) -> str:
    return ", ".join(weakness["fix_versions"]) or "no version"


def unheard_of(report: Mapping[str, Any]) -> list[str]:
    """Packages that nobody could be asked about."""
    return [package["name"] for package in report["dependencies"] if "skip_reason" in package]


def _bandit() -> Mapping[str, Any]:
    done = _run(BIN / "bandit", "-r", *CODE, "-ll", "-q", "-f", "json")
    report: Mapping[str, Any] = json.loads(done.stdout)
    return report


def _pip_audit() -> Mapping[str, Any] | None:
    """Its report of every package of uv.lock, by version and hash; None where it could ask nobody at all."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = str(Path(folder) / "requirements.txt")
        _run(BIN / "uv", "export", "--locked", "--all-groups", "--no-emit-project", "--quiet", "-o", wanted)
        done = _run(BIN / "pip-audit", "--require-hashes", "--disable-pip", "-r", wanted, "-f", "json")
    try:
        report: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return report


def _run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)


def _say(what: str, wrong: Iterable[str]) -> bool:
    """Print it; whether nothing is wrong."""
    lines = list(wrong)
    sys.stdout.write("".join(f"{what}: {line}\n" for line in lines or ["nothing found"]))
    return not lines


def main() -> int:
    sound = _say("code", weak_code(_bandit()))
    report = _pip_audit()
    unheard = unheard_of(report) if report else []
    if report is None or len(unheard) == len(report["dependencies"]):
        sys.stdout.write(
            "packages: NOT LOOKED AT. Who knows of weaknesses could not be asked; run this where they can.\n"
        )
        return 0 if sound else 1
    if unheard:
        sys.stdout.write(f"packages: nobody knows of {', '.join(unheard)}\n")
    return 0 if _say("packages", weak_packages(report)) and sound else 1


if __name__ == "__main__":
    sys.exit(main())
