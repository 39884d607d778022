"""Memory and processor time of process trees, as Linux tells them."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
RESET_PEAK = "5"


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        with suppress(OSError):
            for task in (PROC / str(pid) / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


def resident(root: int) -> int:
    """Bytes of memory the tree holds, what its processes share counted once (PSS)."""
    return sum(_kib(pid, "smaps_rollup", "Pss:") for pid in tree(root)) * 1024


def peaks(root: int) -> dict[int, int]:
    """The most resident bytes each process of the tree had since `forget_peaks`."""
    return {pid: _kib(pid, "status", "VmHWM:") * 1024 for pid in tree(root)}


def forget_peaks(root: int) -> None:
    for pid in tree(root):
        with suppress(OSError):
            (PROC / str(pid) / "clear_refs").write_text(RESET_PEAK)


def _kib(pid: int, file: str, name: str) -> int:
    with suppress(OSError):
        for line in (PROC / str(pid) / file).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0


@dataclass(frozen=True, slots=True)
class Clock:
    """Processor seconds used so far: by the whole machine, and by the trees that are ours."""

    at: float
    machine: float
    ours: float

    def foreign_since(self, before: "Clock") -> float:
        """Cores that others kept busy between two readings."""
        used = (self.machine - before.machine) - (self.ours - before.ours)
        return max(0.0, used / max(self.at - before.at, 1e-6))


def clock(*roots: int) -> Clock:
    fields = [int(f) for f in (PROC / "stat").read_text().splitlines()[0].split()[1:9]]
    busy = sum(fields) - fields[3] - fields[4]
    ours = sum(_used(pid) for root in roots for pid in tree(root))
    return Clock(time.monotonic(), busy / TICKS, ours / TICKS)


def _used(pid: int) -> int:
    with suppress(OSError):
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return sum(int(f) for f in fields[11:15])  # its own time, and that of its children that have ended
    return 0
