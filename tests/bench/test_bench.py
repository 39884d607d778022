"""The bench must not flatter: wrong answers stop it, its pages have the size they claim, its goals read both ways."""

import http.server
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from tests.bench import bare, processes, uploads
from tests.bench.load import Order, Outcome, fire
from tests.bench.report import Finding, Goal, Machine, write
from tests.bench.requests import get, post
from tests.servers import PYTHON, REPO


class _Counting(http.server.BaseHTTPRequestHandler):
    """Answers 200 with 6 bytes, every third time 503."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(503 if type(self).asked % 3 == 0 else 200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"answer")

    def log_message(self, *_args: object) -> None:
        """Nothing is written."""


@pytest.fixture
def port() -> Iterator[int]:
    _Counting.asked = 0
    server = http.server.HTTPServer(("127.0.0.1", 0), _Counting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_load_client_sends_every_request_once_and_counts_other_answers(port: int) -> None:
    outcome = uvloop.run(fire(Order(port, [get(port, "/")] * 9, 1)))
    assert (len(outcome.times), outcome.bad, _Counting.asked) == (6, {"503": 3}, 9)


def test_load_client_goes_on_until_its_time_is_over(port: int) -> None:
    outcome = uvloop.run(fire(Order(port, [get(port, "/")], 1, seconds=0.3)))
    assert _Counting.asked > 3
    assert 0.3 <= outcome.took < 5


def test_percentiles_are_of_sorted_times() -> None:
    outcome = Outcome(2.0, [n / 1000 for n in range(1, 101)])
    assert (outcome.rate, outcome.percentile(0.5), outcome.percentile(0.99)) == (50.0, 0.051, 0.1)


@pytest.mark.parametrize("size", [6_000, 20_000, 60_000])
def test_bare_page_has_the_size_asked_for(size: int) -> None:
    assert len(bare.page(bare.rows_for(size)).encode()) == pytest.approx(size, rel=0.05)


def test_goal_reads_both_ways() -> None:
    assert [Goal(0.85, floor=True).holds(v) for v in (0.9, 0.85, 0.8)] == [True, True, False]
    assert [Goal(2).holds(v) for v in (1.9, 2.0, 2.1)] == [True, True, False]


def test_findings_are_written_with_their_verdict(tmp_path: Path) -> None:
    findings = [Finding("page", 0.5, "bare", Goal(0.85, floor=True)), Finding("other", 1.0)]
    write(tmp_path / "out.json", findings, Machine(2, "3.11", 0.1, 5, 2.0))
    assert '"holds": false' in (tmp_path / "out.json").read_text()
    assert '"holds": null' in (tmp_path / "out.json").read_text()


def test_a_form_says_its_length_and_carries_the_token_of_its_cookie() -> None:
    head, body = post(8400, "/x", {"a": "b c"}, cookie="secret").split("\r\n\r\n")
    assert f"Content-Length: {len(body)}" in head
    assert body.endswith("&a=b+c")


@pytest.mark.parametrize("times", [1, 3])
def test_plain_upload_keeps_every_byte(tmp_path: Path, times: int) -> None:
    assert uploads.plain(tmp_path / "plain.bin", 3 * uploads.PIECE + 17, times) > 0
    assert list(tmp_path.iterdir()) == []


def test_memory_and_time_of_this_process_are_seen() -> None:

    before = processes.clock(os.getpid())
    sum(n * n for n in range(300_000))
    after = processes.clock(os.getpid())
    assert processes.resident(os.getpid()) > 5_000_000
    assert after.machine >= before.machine
    assert after.foreign_since(before) >= 0


def test_a_peak_can_be_forgotten() -> None:
    me = os.getpid()
    held = bytearray(os.urandom(64 * uploads.PIECE))
    high = processes.peaks(me)[me]
    del held
    processes.forget_peaks(me)
    assert processes.peaks(me)[me] < high - 32 * uploads.PIECE


def test_a_program_that_opened_browsers_ends() -> None:
    words = "from tests.visits import _loop; print(_loop().call(str, 'counted'))"
    ended = subprocess.run([PYTHON, "-c", words], cwd=REPO, capture_output=True, text=True, timeout=20, check=True)
    assert (ended.stdout, ended.stderr) == ("counted\n", "")
