"""Taking away now, by hand, what the worker takes away every hour: evidence whose period is over."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Annotated

import typer

from assessments.retention.purge import batches, purge_found
from assessments.retention.queries import Old
from assessments.retention.rules import Keeps
from courses.schedule.words import say_date
from fourweek import logs
from fourweek.cli.progress import watched
from fourweek.cli.serving import prepare
from fourweek.clock import Now, real_time, school_now
from fourweek.database import Database
from fourweek.light import dataclass
from fourweek.settings import Settings

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and change nothing.")]


@dataclass(slots=True)
class Cohort:
    """What is to go of one cohort: how many attempts, and when the oldest was last touched."""

    name: str
    oldest: datetime
    attempts: int = 0


@dataclass(slots=True)
class Found:
    """What is to go, by cohort, and what stays although it is old, by what keeps it."""

    going: dict[str, Cohort] = field(default_factory=dict)
    kept: Counter[Keeps] = field(default_factory=Counter)

    @property
    def attempts(self) -> int:
        return sum(cohort.attempts for cohort in self.going.values())

    def take(self, found: Iterable[Old]) -> None:
        for one in found:
            if one.keeps is None:
                cohort = self.going.setdefault(one.cohort_id, Cohort(one.cohort, one.last))
                cohort.attempts += 1
                cohort.oldest = min(cohort.oldest, one.last)
            elif one.keeps is not Keeps.PERIOD:
                self.kept[one.keeps] += 1


def purge(*, dry_run: DryRun = False) -> None:
    """Remove the content of evidence whose period is over.

    The row of each piece stays, with its digest. Files that no other evidence names leave the store with the
    worker's next sweeps.
    """
    settings = Settings()
    prepare(settings)
    logs.configure(quiet=True)
    db = Database(settings.database)
    try:
        now = db.read_now(school_now, real_time())
        with watched("Looking for what is over"):
            found = _look(db, now, settings.evidence_kept_days)
        typer.echo("\n".join(_lines(found)))
        if found.attempts and not dry_run:
            typer.echo(f"Removed the content of {_count(_remove(db, now, settings, found.attempts))}.")
    finally:
        db.close()


def _look(db: Database, now: Now, kept_days: int) -> Found:
    found = Found()
    for some in batches(db, now.school, kept_days):
        found.take(some)
    return found


def _remove(db: Database, now: Now, settings: Settings, expected: int) -> int:
    gone = 0
    with watched("Removing content", expected) as work:
        for some in batches(db, now.school, settings.evidence_kept_days):
            gone += purge_found(db, now, settings.evidence_kept_days, some, work.advance)
    return gone


def _lines(found: Found) -> list[str]:
    """What is to go, a line a cohort, the oldest first; then what stays and why."""
    cohorts = sorted(found.going.values(), key=lambda cohort: (cohort.oldest, cohort.name))
    lines = [f"{one.name}: {_count(one.attempts)}, the oldest of {say_date(one.oldest.date())}" for one in cohorts]
    whole = f"{_count(found.attempts)} in all." if lines else "Nothing is over its period that may go."
    kept = [f"{_count(many)} kept longer by {why}." for why, many in sorted(found.kept.items())]
    return [*lines, whole, *kept]


def _count(attempts: int) -> str:
    return f"{attempts:,} {'attempt' if attempts == 1 else 'attempts'}"
