"""The scanner, where one is asked: whether it answers, and whether files wait for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fourweek.database import Database
from fourweek.doctor.finding import Finding, fault, ok
from fourweek.scanning.asking import ask
from fourweek.scanning.models import ScanState
from fourweek.scanning.waiting import waiting
from fourweek.settings import Settings

LATE: Final = timedelta(hours=1)
ANSWERS: Final = "It must end with 0 for clean and 1 for found; see that its daemon runs and may read our files."


def scanner_look(settings: Settings) -> Iterator[Finding]:
    """Ask it about a harmless file. Nothing is said where none is named."""
    if not settings.scan_command:
        return
    with TemporaryDirectory(prefix="fourweek-doctor-") as folder:
        file = Path(folder) / "harmless.txt"
        file.write_text("A harmless file of fourweek doctor.\n")
        answer = ask(settings.scan_command, file, settings.scan_seconds)
    if answer.state is None:
        yield fault("scanner", f"It could not say whether a harmless file is clean: {answer.words}", ANSWERS)
    elif answer.state is ScanState.HELD:
        yield fault("scanner", f"It held a harmless file: {answer.words}", "Nobody opens any file like that.")
    else:
        yield ok("scanner", "It says that a harmless file is clean.")


def waiting_look(db: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether files wait for long. Nothing is said where no scanner is named."""
    if not settings.scan_command:
        return
    found = db.read_now(waiting)
    words = f"{found.count:,} {'file waits' if found.count == 1 else 'files wait'}"
    if found.oldest is not None and now - found.oldest > LATE:
        minutes = found.seconds(now) // 60
        way = "See that a worker runs and that the scanner answers; until then their owners alone open them."
        yield fault("scanner", f"{words}, the oldest for {minutes:,} minutes.", way)
    else:
        yield ok("scanner", f"{words}, none for long.")
