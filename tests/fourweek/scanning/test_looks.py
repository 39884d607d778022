"""What the doctor and the numbers say of a scanner: whether it answers, how many files wait, and for how long."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.doctor.finding import State
from fourweek.doctor.scanner import scanner_look, waiting_look
from fourweek.edge import House
from fourweek.health import Asked, _of_the_school
from fourweek.scanning.waiting import wait
from fourweek.settings import Settings


@pytest.mark.parametrize(
    ("script", "state"), [("exit 0", State.OK), ("echo Away; exit 2", State.FAULT), ("echo All; exit 1", State.FAULT)]
)
def test_the_doctor_asks_about_a_harmless_file(tmp_path: Path, script: str, state: State) -> None:
    (tmp_path / "scan.sh").write_text(script)
    [found] = scanner_look(Settings(scan_command=f"sh {tmp_path / 'scan.sh'}"))
    assert found.state is state
    assert bool(found.what_to_do) is (state is State.FAULT)


def test_how_many_wait_and_for_how_long_is_said(house: House, db: Database) -> None:
    on = house.settings.model_copy(update={"scan_command": "scan"})
    now = real_time()
    assert [one.state for one in waiting_look(db, on, now)] == [State.OK]
    db.write_now(wait, ["1" * 64], now - timedelta(hours=2))
    [late] = waiting_look(db, on, now)
    assert (late.state, late.words) == (State.FAULT, "1 file waits, the oldest for 120 minutes.")
    assert [*scanner_look(house.settings), *waiting_look(db, house.settings, now)] == [], "nothing where none is named"
    asked = Asked(at=float("inf"), answered=True)
    assert not any("scan" in line for line in asyncio.run(_of_the_school(house, asked)))
    house.settings = on
    said = dict(
        line.split(" ") for line in asyncio.run(_of_the_school(house, asked)) if line.startswith("fourweek_scan")
    )
    assert said["fourweek_scan_waiting"] == "1"
    assert float(said["fourweek_scan_oldest_seconds"]) >= 7200
