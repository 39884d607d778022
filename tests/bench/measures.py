"""Pages under load, each beside a bare page of its size, with the goals of the design (§6)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import bare
from tests.bench.contest import Contest, Side, contest, fire
from tests.bench.report import Finding, Goal
from tests.bench.requests import get, post
from tests.bench.school import School
from tests.servers import Server

CROWD, MANY = 16, 64
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a measurement needs. `statements` counts SQL by the name of a page."""

    school: School
    app: Server
    bare: Server
    statements: dict[str, int]
    home: Path
    rounds: int
    seconds: float
    step: Step

    def contest(self, what: str, ours: Side, theirs: Side, *, at_a_time: int = CROWD) -> Contest:
        self.step(f"{what}, {at_a_time} at a time")
        return contest(ours, theirs, at_a_time=at_a_time, rounds=self.rounds, seconds=self.seconds)

    def bare_page(self, size: int) -> Side:
        """A bare page of about `size` bytes, head included."""
        return Side(self.bare.port, [get(self.bare.port, f"/page/{bare.rows_for(size)}")])

    def as_learners(self, path: str) -> Side:
        return Side(self.app.port, [get(self.app.port, path, cookie) for cookie in self.school.learners])


def page_size(bench: Bench, side: Side) -> int:
    return fire(side.order(1, 0.2, 1)).bytes_each


def finding(bench: Bench, what: str, found: Contest, beside: str, goal: Goal | None = None) -> Finding:
    ours = found.ours
    return Finding(
        what,
        found.rate_ratio,
        f"{beside}: {found.bare.rate:,.0f}/s",
        goal,
        ours.rate,
        ours.p50,
        ours.p99,
        bench.statements.get(what),
    )


def pages(bench: Bench) -> list[Finding]:
    """Module page, home and grading screen, each beside a bare page of its own size."""
    screens = [f"/grading/{one}" for one in bench.school.waiting]
    sides = {
        "module page": bench.as_learners(bench.school.module_path),
        "home": bench.as_learners("/home"),
        "grading screen": Side(bench.app.port, [get(bench.app.port, path, bench.school.grader) for path in screens]),
    }
    found = []
    for what, ours in sides.items():
        size = page_size(bench, ours)
        theirs, beside = bench.bare_page(size), f"bare page of {size / 1000:.0f} kB"
        goal = Goal(0.85, floor=True) if what == "module page" else None
        found.append(finding(bench, what, bench.contest(what, ours, theirs), beside, goal))
        if what == "module page":
            found.append(_tail(bench, ours, theirs))
    return found


def _tail(bench: Bench, ours: Side, theirs: Side) -> Finding:
    many = bench.contest("module page", ours, theirs, at_a_time=MANY)
    mine, other = many.ours, f"bare p99: {many.bare.p99:.0f} ms"
    return Finding("… p99 at 64 at a time", many.p99_ratio, other, Goal(2), mine.rate, mine.p50, mine.p99)


def hand_in(bench: Bench) -> list[Finding]:
    """Every learner hands in once; the answer is a redirect to the receipt."""
    fields = {"attempt": "1", "integrity": "1"}
    requests = [post(bench.app.port, bench.school.submit_path, fields, cookie=c) for c in bench.school.submitters]
    ours = Side(bench.app.port, requests, status=303, once=True)
    found = bench.contest("submit", ours, bench.bare_page(20_000))
    return [finding(bench, "submit", found, "bare page of 20 kB")]
