"""What the bench found, as a table for people and as JSON for scripts."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

HEADINGS = ("what", "requests/s", "p50 ms", "p99 ms", "SQL", "beside", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of the design on a ratio: at least (`floor`) or at most."""

    bound: float
    floor: bool = False
    unit: str = "×"

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.floor else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.floor else '≤'} {self.bound:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `value` is what the goal is about; `beside` says what it was compared with and what that gave."""

    what: str
    value: float | None
    beside: str = ""
    goal: Goal | None = None
    rate: float | None = None
    p50: float | None = None
    p99: float | None = None
    statements: int | None = None
    unit: str = "×"

    @property
    def holds(self) -> bool | None:
        return None if self.goal is None or self.value is None else self.goal.holds(self.value)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it ran. `foreign` is how many cores others kept busy meanwhile: above 0.35, doubt small differences."""

    cores: int
    python: str
    foreign: float
    rounds: int
    seconds: float


def show(console: Console, findings: list[Finding], machine: Machine) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in {"what", "beside", ""} else "right", overflow="fold")
    for found in findings:
        table.add_row(*_cells(found))
    console.print(table)
    console.print(
        f"{machine.cores} cores, Python {machine.python}, {machine.rounds} rounds of {machine.seconds:g} s each; "
        f"others kept {machine.foreign:.2f} cores busy meanwhile."
    )
    if machine.foreign > 0.35:
        console.print("The machine was not quiet: only the ratios are worth reading, and not closely.")


def _cells(found: Finding) -> tuple[str, ...]:
    verdict = {None: "", True: "[green]holds[/green]", False: "[red]missed[/red]"}[found.holds]
    return (
        found.what,
        _number(found.rate, 0),
        _number(found.p50, 1),
        _number(found.p99, 1),
        "" if found.statements is None else str(found.statements),
        found.beside,
        "" if found.value is None else f"{found.value:.2f}{found.unit}",
        str(found.goal or ""),
        verdict,
    )


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def write(path: Path, findings: list[Finding], machine: Machine) -> None:
    lines = [asdict(found) | {"holds": found.holds} for found in findings]
    path.write_text(json.dumps({"machine": asdict(machine), "findings": lines}, indent=2, ensure_ascii=False) + "\n")
