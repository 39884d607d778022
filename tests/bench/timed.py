"""Single acts, one at a time, beside the least that the same work needs."""

import io
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any
from unittest.mock import patch

import typst
from passlib.context import CryptContext
from sqlalchemy import Connection, select

from assessments.assignments.models import RequirementKind
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import Transcript
from assessments.transcripts.pdf import transcript_pdf
from fourweek.database import Database, table
from fourweek.settings import Settings
from tests.bench import processes, uploads
from tests.bench.contest import Failed, fire
from tests.bench.load import Order
from tests.bench.measures import CROWD, Bench
from tests.bench.report import Finding, Goal
from tests.bench.requests import post, upload_head
from tests.bench.school import ADDRESSES, PASSWORD, WEEK

MIB = 1024 * 1024
LARGE = 100 * MIB
WARMING = 6


def sign_in(bench: Bench) -> list[Finding]:
    """Beside checking the same password with the same parameters and nothing else; then under load."""
    bench.step("sign-in beside a bare argon2id hash")
    settings = Settings()
    context = CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=settings.argon2_memory_kib,
        argon2__rounds=settings.argon2_rounds,
        argon2__parallelism=1,
    )
    stored = context.hash(PASSWORD)
    typed = ({"address": address, "password": PASSWORD, "next": "/home"} for address in ADDRESSES)
    requests = [post(bench.app.port, "/sign-in", fields, guest="bench-guest") for fields in typed]
    alone = Order(bench.app.port, requests[:1], 1, 303)
    bare, ours = in_turn(
        bench.rounds * 4, lambda: seconds_of(lambda: context.verify(PASSWORD, stored)), lambda: _alone(alone)
    )
    crowd = fire(Order(bench.app.port, requests, CROWD, 303, bench.seconds))
    return [
        Finding(
            "sign-in",
            ours / bare,
            f"bare hash: {bare * 1000:.1f} ms, ours alone: {ours * 1000:.1f} ms",
            Goal(1.15),
            crowd.rate,
            crowd.percentile(0.5) * 1000,
            crowd.percentile(0.99) * 1000,
            bench.statements.get("sign-in"),
        )
    ]


def upload(bench: Bench) -> list[Finding]:
    """100 MB into a draft, with its digest, beside a plain socket-to-file with a sync; and the memory it takes."""
    bench.step("upload of 100 MB beside a plain socket-to-file")
    slot = next(one for one in bench.school.tasks[WEEK - 1].slots if one.kind is RequirementKind.FILES)
    learners = iter(bench.school.uploaders)
    spent: list[int] = []

    def ours() -> float:
        processes.forget_peaks(bench.app.process.pid)
        before = processes.peaks(bench.app.process.pid)
        head, tail = upload_head(
            bench.app.port, bench.school.draft_path, next(learners), LARGE, f"files-{slot.key}", "measured.csv"
        )
        took, answer = uploads.send(bench.app.port, head, LARGE, tail)
        if not answer.startswith(b"HTTP/1.1 303"):
            raise Failed(f"upload: {answer[:200]!r}")
        after = processes.peaks(bench.app.process.pid)
        spent.append(max(after[pid] - peak for pid, peak in before.items()))
        return took

    bare, mine = in_turn(bench.rounds, lambda: uploads.plain(bench.home / "plain.bin", LARGE), ours)
    memory = max(spent) / MIB
    return [
        Finding(
            "upload of 100 MB",
            mine / bare,
            f"plain with sync: {bare * 1000:.0f} ms",
            Goal(2.5),
            p50=mine * 1000,
            statements=bench.statements.get("upload"),
        ),
        Finding("… memory more than before", memory, "", Goal(8, unit=" MiB"), unit=" MiB"),
    ]


def transcript(bench: Bench) -> list[Finding]:
    """Making the document, beside typst making the very same one; and issuing one, from the press to the answer."""
    bench.step("transcript PDF beside bare typst")
    requests = (post(bench.app.port, "/transcript", {}, cookie=cookie) for cookie in bench.school.learners[:-1])
    orders = iter([Order(bench.app.port, [request], 1, 303) for request in requests])
    for _ in range(WARMING):
        fire(next(orders))  # each worker loads typst and its fonts once
    snapshot = _snapshot(bench)
    alone = bare_typst(snapshot)
    made, bare = in_turn(
        bench.rounds * 4, lambda: seconds_of(lambda: transcript_pdf(snapshot)), lambda: seconds_of(alone)
    )
    issued = statistics.median(_alone(next(orders)) for _ in range(bench.rounds * 4))
    return [
        Finding("transcript PDF", made / bare, f"bare typst: {bare * 1000:.0f} ms", Goal(1.3), p50=made * 1000),
        Finding(
            "… issued, with files and ledger",
            issued / bare,
            "bare typst",
            p50=issued * 1000,
            statements=bench.statements.get("transcript issued"),
        ),
    ]


def _snapshot(bench: Bench) -> TranscriptSnapshot:
    """The snapshot of a learner's transcript: one line, as most of those that are issued here."""
    db = Database(Settings(home=bench.home).database)
    stored = db.read_now(_newest_snapshot)
    db.close()
    return TranscriptSnapshot.from_json(stored)


def _newest_snapshot(conn: Connection) -> bytes:
    wanted = select(table(Transcript).c.snapshot).order_by(table(Transcript).c.id.desc()).limit(1)
    return bytes(conn.execute(wanted).scalar_one())


def bare_typst(snapshot: TranscriptSnapshot) -> Callable[[], object]:
    """A call of typst alone, with everything ready that our own call hands to it."""
    given: dict[str, Any] = {}
    real: Callable[..., bytes] = typst.compile

    def note(*args: Any, **options: Any) -> bytes:
        given.update(args=args, options=options)
        return real(*args, **options)

    with patch.object(typst, "compile", note), redirect_stdout(io.StringIO()):
        transcript_pdf(snapshot)
    return lambda: real(*given["args"], **given["options"])


def _alone(order: Order) -> float:
    return fire(order).times[0]


def seconds_of(act: Callable[[], object], first: Callable[[], object] | None = None) -> float:
    """What `act` takes; what has to be done `first` does not count."""
    if first:
        first()
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def in_turn(times: int, first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    """Medians of both, measured one after the other, again and again; the first pair only warms up."""
    pairs = [(first(), second()) for _ in range(times + 1)][1:]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
