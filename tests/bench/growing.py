"""Pages that show what grows, each under load beside a bare page of its size."""

from dataclasses import replace

from tests.bench.contest import Side
from tests.bench.measures import Bench, finding, page_size
from tests.bench.report import Finding
from tests.bench.requests import get

ROUNDS = 3
CATALOGUE = "catalogue of 500 courses"
HOME = "home with 12 enrolments"
GRID = "grid of 500 × 8"
DIFFERS = "… only whose dates differ"


def pages(bench: Bench) -> list[Finding]:
    """The catalogue as guests see it, the home of one who takes 12 courses, and everybody's dates in a class of 500."""
    school, fewer = bench.school, replace(bench, rounds=min(bench.rounds, ROUNDS))
    asked = {
        CATALOGUE: ("/courses", ""),
        HOME: ("/home", school.busy),
        GRID: (school.grid_path, school.lead),
        DIFFERS: (f"{school.grid_path}?differs=1", school.lead),
    }
    return [_page(fewer, what, path, cookie) for what, (path, cookie) in asked.items()]


def _page(bench: Bench, what: str, path: str, cookie: str) -> Finding:
    ours = Side(bench.app.port, [get(bench.app.port, path, cookie)])
    size = page_size(bench, ours)
    found = bench.contest(what, ours, bench.bare_page(size))
    return finding(bench, what, found, f"bare page of {size / 1000:.0f} kB")
