"""What `make audit` takes for a finding, and that every locked package has its hashes."""

import tomllib

from tests.audit import KNOWN, unheard_of, weak_code, weak_packages
from tests.house.sources import ROOT


def test_every_locked_package_has_the_hash_of_every_file() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    files = [file for one in packages for file in (*one.get("wheels", ()), *filter(None, [one.get("sdist")]))]
    assert len(files) > 500
    assert [file["url"] for file in files if not file.get("hash", "").startswith("sha256:")] == []
    assert [one["name"] for one in packages if "registry" not in one["source"] and one["name"] != "fourweek"] == []


def _finding(file: str, rule: str) -> dict[str, object]:
    return {"filename": file, "test_id": rule, "line_number": 7, "issue_text": "Weak."}


def test_code_that_is_not_known_to_be_sound_is_found() -> None:
    known = [_finding(f"./{file}", rule) for file, rule in KNOWN]
    assert weak_code({"results": known}) == []
    assert weak_code({"results": [*known, _finding("./courses/a.py", "B602")]}) == ["courses/a.py:7 B602 Weak."]
    assert len(weak_code({"results": known[1:]})) == 1


def test_a_package_with_a_weakness_is_found_and_one_that_nobody_knows_is_said() -> None:
    weak = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
    report = {"dependencies": [weak, {"name": "b", "version": "1", "vulns": []}, {"name": "c", "skip_reason": "?"}]}
    assert weak_packages(report) == ["a 1: CVE-1, mended in 2"]
    assert unheard_of(report) == ["c"]
