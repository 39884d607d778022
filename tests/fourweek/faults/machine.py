"""A real server on a machine that can be made to fail: its disk, its clock, its store, whoever else writes."""

import errno
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.durability.line import Answer, Gone, Line
from tests.durability.school import FILES_SLOT, TEXT_SLOT, School, make_school
from tests.servers import FOURWEEK, Server, serving
from tests.visits import forms

SOURCE = Path(__file__).with_name("odd.c")
ERRORS = {"full": errno.ENOSPC, "failing": errno.EIO, "read-only": errno.EROFS}


@dataclass(slots=True)
class Machine:
    """The school on it, one learner's line to it, and the file that says what ails it."""

    school: School
    server: Server
    line: Line
    control: Path
    answers: list[int] = field(default_factory=list)

    @contextmanager
    def ailing(self, what: str, number: int) -> Iterator[None]:
        draft = self.control.with_suffix(".new")
        draft.write_text(f"{what} {number}\n")
        draft.rename(self.control)
        yield
        self.control.unlink()

    @property
    def work(self) -> str:
        return self.school.assignments[0]

    def form(self) -> dict[str, str]:
        return forms(self.line.get(self.work))[f"{self.work}/draft"]

    def type(self, words: str) -> Answer:
        """Save a draft; what it answered is kept in `answers`."""
        return self._noted(self.line.post(f"{self.work}/draft", self.form() | {f"text-{TEXT_SLOT}": words}))

    def send_file(self, data: bytes) -> Answer:
        given = {key: value for key, value in self.form().items() if key != "form_token"}
        return self._noted(self.line.post_file(f"{self.work}/draft", given, f"files-{FILES_SLOT}", "note.txt", data))

    def _noted(self, answer: Answer) -> Answer:
        self.answers.append(answer.status)
        return answer

    def typed(self) -> str:
        return self.form()[f"text-{TEXT_SLOT}"].removeprefix("\n")


@contextmanager
def running(
    folder: Path, engine: str = "sqlite", more: Mapping[str, str] = {}, command: tuple[str, ...] = ("serve",)
) -> Iterator[Machine]:
    """A school of two, served by one process with our library in it where there is a compiler."""
    school = make_school(folder, engine, 2)
    control = folder / "ails"
    environment = {**school.environment, **more, "ODD_MACHINE": str(control), "LD_PRELOAD": str(_library(folder))}
    with serving([FOURWEEK, *command], school.port, environment, folder / "log") as server:
        line = Line(school.port, school.addresses[0])
        line.sign_in()
        yield Machine(school, server, line, control)
        line.close()


def _library(folder: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: the machine cannot be made to fail")
    made = folder / "odd.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE), "-ldl"], check=True)
    return made


def soon(act: Callable[[], bool], patience: float) -> float:
    """Seconds until it held; raises AssertionError when it never did."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        try:
            if act():
                return time.monotonic() - begun
        except Gone:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {patience} seconds")
