"""`python -m tests.bench [--quick] [--only WORDS] [--json FILE]`: our server beside the bare parts it is made of."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from fourweek import logs
from fourweek.cli.serving import prepare
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.bench import (
    badges,
    crowd,
    documents,
    evidence,
    felt,
    grading,
    growing,
    ledger,
    measures,
    processes,
    seals,
    timed,
    whole,
)
from tests.bench.counting import count_all
from tests.bench.measures import Bench
from tests.bench.report import Finding, Machine, show, write
from tests.bench.school import School, build
from tests.servers import FOURWEEK, PYTHON, Server, fourweek_environment, free_port, move_here, serving

MEASURES: dict[str, Callable[[Bench], list[Finding]]] = {
    "pages": measures.pages,
    "saving": evidence.saving,
    "collected": evidence.collected,
    "files": evidence.files,
    "submit": measures.hand_in,
    "badge": badges.pages,
    "signing": badges.signing,
    "status list": badges.status_list,
    "sign-in": timed.sign_in,
    "upload": timed.upload,
    "transcript": timed.transcript,
    "documents": documents.documents,
    "seal": seals.sealing,
    "ledger": ledger.checking,
    "sizes": growing.pages,
    "resolver": crowd.resolver,
    "notices": crowd.notices,
    "grading": grading.grading,
    "felt": felt.felt,
    "memory": whole.memory,
    "start": whole.start,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds: whether it runs, not how fast")
    parser.add_argument("--only", default="", help=f"comma-separated: {', '.join(MEASURES)}")
    parser.add_argument("--json", type=Path, help="write the findings there as well")
    return parser.parse_args()


def main() -> int:
    given = _arguments()
    chosen = [name for name in MEASURES if not given.only or name in given.only.split(",")]
    rounds, seconds = (2, 0.5) if given.quick else (5, 2.0)
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    with (
        tempfile.TemporaryDirectory(prefix="fourweek-bench-") as folder,
        _progress(console, len(chosen)) as (step, done),
    ):
        home = Path(folder) / "home"
        school, statements = _seeded(home, chosen, step)
        step("Starting both servers")
        with _servers(home, Path(folder)) as (ours, bare):
            bench = Bench(school, ours, bare, statements, home, rounds, seconds, step)
            before = processes.clock(os.getpid())
            findings: list[Finding] = []
            for name in chosen:
                findings += MEASURES[name](bench)
                done()
            foreign = processes.clock(os.getpid()).foreign_since(before)
    machine = Machine(os.cpu_count() or 1, platform.python_version(), foreign, rounds, seconds)
    show(console, findings, machine)
    if given.json:
        write(given.json, findings, machine)
    return 0


def _seeded(home: Path, chosen: list[str], step: Callable[[str], None]) -> tuple[School, dict[str, int]]:
    """The school under `home`, and the statements of each page, counted in this process."""
    settings = Settings(home=home, base_url="http://testserver")
    logs.configure(quiet=True)
    prepare(settings)
    house = open_house(settings)
    try:
        school = build(house, step)
        step("Counting statements")
        return school, count_all(house, school, chosen)
    finally:
        house.db.close()


@contextmanager
def _servers(home: Path, folder: Path) -> Iterator[tuple[Server, Server]]:
    port, other = free_port(), free_port()
    environment = fourweek_environment(home, port)
    command = [FOURWEEK, "serve", "--workers", "2"]
    bare = [PYTHON, "-m", "tests.bench.bare", str(other), "2"]
    move_here(environment)
    with (
        serving(bare, other, environment, folder / "bare.log", "/hello") as theirs,
        serving(command, port, environment, folder / "ours.log") as ours,
    ):
        yield ours, theirs


@contextmanager
def _progress(console: Console, total: int) -> Iterator[tuple[Callable[[str], None], Callable[[], None]]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Making a school", total=total)
        yield lambda words: progress.update(task, description=words), lambda: progress.advance(task)


if __name__ == "__main__":
    sys.exit(main())
