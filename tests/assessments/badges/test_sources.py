import hashlib
from pathlib import Path

HERE = Path(__file__).parent


def test_borrowed_files_are_unmodified_and_all_listed() -> None:
    rows = [
        line.strip("| ").split(" | ") for line in (HERE / "SOURCES.md").read_text("utf-8").splitlines() if "at " in line
    ]
    stated = {row[0]: row[3] for row in rows}
    found = [path for folder in ("vectors", "schemas", "examples") for path in HERE.glob(f"{folder}/*")]
    assert {str(path.relative_to(HERE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found} == stated
