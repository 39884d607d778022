"""The server as a whole: its memory after the load, and how soon it answers."""

import os
import statistics

from tests.bench import processes
from tests.bench.bare import rows_for
from tests.bench.contest import fire
from tests.bench.load import Order
from tests.bench.measures import CROWD, Bench
from tests.bench.report import Finding, Goal
from tests.bench.requests import get
from tests.servers import FOURWEEK, PYTHON, fourweek_environment, free_port, move_here, serving

MIB = 1024 * 1024
LIBRARIES = "fastapi sqlmodel sqlalchemy.dialects.sqlite pydantic_settings structlog passlib.hash python_multipart"


def memory(bench: Bench) -> list[Finding]:
    """Both servers with two workers, after the same load; pages that processes share count once.

    The second line compares with bare workers that have imported the libraries that our pages are made with.
    """
    bench.step("memory")
    ours, bare = (processes.resident(server.process.pid) / MIB for server in (bench.app, bench.bare))
    libraries = _with_libraries(bench) / MIB
    return [
        Finding(
            "memory of the server", ours / bare, f"ours {ours:.0f} MiB, two bare workers {bare:.0f} MiB", Goal(1.6)
        ),
        Finding("… beside bare workers with our libraries", ours / libraries, f"{libraries:.0f} MiB"),
    ]


def _with_libraries(bench: Bench) -> int:
    port = free_port()
    environment = dict(os.environ) | {"BENCH_IMPORTS": LIBRARIES}
    command = [PYTHON, "-m", "tests.bench.bare", str(port), "2"]
    with serving(command, port, environment, bench.home / "libraries.log", "/hello") as server:
        fire(Order(port, [get(port, f"/page/{rows_for(10_000)}")], CROWD, seconds=bench.seconds))
        return processes.resident(server.process.pid)


def start(bench: Bench) -> list[Finding]:
    """From the start of the process to the first answer, on a database that is up to date; median of three."""
    bench.step("start")
    found = statistics.median((bench.app.answered_after, _start_again(bench), _start_again(bench)))
    return [Finding("first answer after start", found, "two workers", Goal(2, unit=" s"), unit=" s")]


def _start_again(bench: Bench) -> float:
    port = free_port()
    command, environment = [FOURWEEK, "serve", "--workers", "2"], fourweek_environment(bench.home, port)
    move_here(environment)
    with serving(command, port, environment, bench.home / "again.log") as server:
        return server.answered_after
