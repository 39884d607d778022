"""A worker process that is killed while it ticks: `python -m tests.simulation.victim INSTANT FILE`.

It writes the id of every letter that left to FILE, as the mail server would know them.
"""

import sys
from datetime import datetime
from pathlib import Path

from fourweek.outbox import Letter
from fourweek.settings import Settings
from tests.simulation.workers import Fate, Post, Worker


class PostToFile(Post):
    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def send(self, letter: Letter, fate: Fate) -> None:
        super().send(letter, fate)
        with self.file.open("a") as handle:
            handle.write(f"{letter.message_id}\n")


def main(instant: str, file: str) -> None:
    worker = Worker(Settings(), PostToFile(Path(file)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    worker.tick(datetime.fromisoformat(instant))


if __name__ == "__main__":
    main(*sys.argv[1:])
