"""The last minute before a deadline: everybody hands in at once, nothing is lost, nobody waits long."""

import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from fourweek.accounts.service import EMAIL
from fourweek.clock import real_time
from fourweek.database import Database
from tests.databases import remove_postgres
from tests.durability.ledger import digest
from tests.durability.line import Line
from tests.durability.school import FILES_SLOT, TEXT_SLOT, School, make_school
from tests.factories import sign_in
from tests.servers import FOURWEEK, run_fourweek, serving

MB = 1024 * 1024
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Handed:
    """One learner's evidence, and how long each of the two requests took, in seconds."""

    receipt: str
    sha256: str
    took: tuple[float, float]


def test_a_short_rush_loses_nothing(tmp_path: Path) -> None:
    _rush(tmp_path, "sqlite", learners=12, seconds=0.5, size=MB // 8)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_five_hundred_in_the_last_minute(engine: str, tmp_path: Path) -> None:
    _rush(tmp_path, engine, learners=500, seconds=60, size=MB)


def _rush(folder: Path, engine: str, *, learners: int, seconds: float, size: int) -> None:
    """Raises unless each receipt names what was sent, each file is kept whole, and nobody has two attempts."""
    school = make_school(folder, engine, learners)
    cookies = _cookies(school)
    moments = _moments(learners, seconds)
    with serving([FOURWEEK, "serve", "--workers", "2"], school.port, school.environment, folder / "server.log"):
        begun = time.monotonic()
        with ThreadPoolExecutor(min(AT_ONCE, learners)) as pool:
            acts = [
                pool.submit(_hand_in, school, cookie, begun + at, number, size)
                for number, (cookie, at) in enumerate(zip(cookies, moments, strict=True))
            ]
            handed = [act.result() for act in acts]
        lasted = time.monotonic() - begun
    with closing(Database(school.database_url)) as db:
        db.read_now(_check, handed)
    run_fourweek(school.environment, "evidence", "verify")
    remove_postgres(school.database_url)
    print(_said(engine, handed, lasted), file=sys.stderr)


def _cookies(school: School) -> list[str]:
    with closing(Database(school.database_url)) as db:
        return db.write_now(_sign_all_in, school.addresses)


def _sign_all_in(conn: Connection, addresses: Sequence[str]) -> list[str]:
    ids = {row.address: row.person_id for row in conn.execute(select(EMAIL.c.address, EMAIL.c.person_id))}
    return [sign_in(conn, ids[address], real_time()) for address in addresses]


def _moments(learners: int, seconds: float) -> list[float]:
    """When each of them sends, in order: more and more as the deadline comes, as people do."""
    dice = random.Random(learners)  # noqa: S311 a game of chance, not a secret
    return sorted(seconds * dice.random() ** 0.5 for _ in range(learners))


def _hand_in(school: School, cookie: str, at: float, number: int, size: int) -> Handed:
    path, data = school.assignments[0], random.Random(number).randbytes(size // 2).hex().encode()  # noqa: S311
    line = Line(school.port, "", cookie)
    with closing(line):
        time.sleep(max(0.0, at - time.monotonic()))
        sent = time.monotonic()
        first = line.post_file(f"{path}/draft", {"attempt": "1"}, f"files-{FILES_SLOT}", f"{number}.txt", data)
        kept = time.monotonic()
        assert first.status == 303, first
        words = f"What I did, as number {number}."
        second = line.post(f"{path}/submit", {"attempt": "1", f"text-{TEXT_SLOT}": words, "integrity": "1"})
        assert second.status == 303, second
        receipt = second.headers["location"].removeprefix("/receipts/")
        return Handed(receipt, digest(data), (kept - sent, time.monotonic() - kept))


def _check(conn: Connection, handed: list[Handed]) -> None:
    joined = SUBMISSION.join(EVIDENCE, EVIDENCE.c.submission_id == SUBMISSION.c.id)
    rows = conn.execute(
        select(SUBMISSION.c.receipt, EVIDENCE.c.sha256)
        .select_from(joined)
        .where(EVIDENCE.c.kind == RequirementKind.FILES, SUBMISSION.c.state == SubmissionState.SUBMITTED)
    )
    assert {(row.receipt, row.sha256) for row in rows} == {(one.receipt, one.sha256) for one in handed}
    assert conn.execute(select(func.count()).select_from(SUBMISSION)).scalar() == len(handed)


def _said(engine: str, handed: list[Handed], seconds: float) -> str:
    waits = sorted(wait for one in handed for wait in one.took)
    at = [waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.5, 0.99)]
    return (
        f"{engine}: {len(handed)} handed in within {seconds:.0f} s, none lost; a request took {at[0]:.2f} s (median), "
        f"{at[1]:.2f} s (99 of 100), {waits[-1]:.2f} s at most."
    )
