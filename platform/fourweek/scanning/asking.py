"""Asking the scanner about one file: a command of the operator's, run without a shell and for so long at most.

It ends with 0 for clean and with 1 for something found; anything else says nothing about the file.
"""

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Final

from fourweek.light import dataclass
from fourweek.scanning.models import MOST_WORDS, ScanState

CLEAN, FOUND = 0, 1
_READ: Final = 4000
"""Bytes of the scanner's words that are looked at; the rest is let go."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is None where the scanner could not say; `words` are its own, at most MOST_WORDS characters."""

    state: ScanState | None
    words: str


def ask(command: str, path: Path, seconds: float) -> Answer:
    """What the scanner says of the file at `path`. Blocks; a scanner that takes longer is ended with all it started."""
    try:
        asked = subprocess.Popen(  # noqa: S603 the operator's own command, and a path of ours
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_surroundings(),
            start_new_session=True,
            bufsize=0,  # what is buffered cannot be closed while a daemon that it started holds the other end
        )
    except (OSError, ValueError) as error:
        return Answer(None, f"The command could not be started: {_clean(str(error), path)}"[:MOST_WORDS])
    with asked:
        assert asked.stdout is not None  # noqa: S101
        heard = bytearray()
        listening = Thread(target=_listen, args=(asked.stdout, heard), daemon=True)
        listening.start()
        try:
            ended = asked.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(asked.pid)
            return Answer(None, f"There was no answer within {seconds:g} seconds.")
        listening.join(1)
        _end(asked.pid)  # whatever it left behind
        listening.join(1)
    words = _clean(heard.decode(errors="replace"), path)
    state = {CLEAN: ScanState.CLEAN, FOUND: ScanState.HELD}.get(ended)
    return Answer(state, words or ("" if state else f"It ended with {ended} and said nothing."))


def _surroundings() -> dict[str, str]:
    """What the command knows of this machine, without our own settings, which hold secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FOURWEEK_")}


def _listen(said: IO[bytes], heard: bytearray) -> None:
    """Keep the first words, and let go of the rest so that nobody waits to say it."""
    with suppress(OSError, ValueError):
        while piece := said.read(_READ):
            heard += piece[: _READ - len(heard)]


def _end(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _clean(words: str, path: Path) -> str:
    """The words without our folders, on one line, and nothing in them that does not print."""
    plain = words.replace(str(path), "file").replace(path.name, "file")
    line = " ".join("".join(char if char.isprintable() else " " for char in plain).split())
    return line.removeprefix("file: ")[:MOST_WORDS]
