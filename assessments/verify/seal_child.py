"""Looks at the seal of a stranger's PDF, inside the process that may fail (`assessments.showing.child`)."""

from pathlib import Path

from assessments.seal.checking import check_seal


def draw(source: Path, _target: Path, _page: int) -> dict[str, object]:
    """Draws nothing; says whether the seal is whole, and which certificate it names."""
    found = check_seal(source.read_bytes(), ())
    return {"whole": found.intact, "fingerprint": found.fingerprint}
