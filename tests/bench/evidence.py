"""Evidence on its way: small files and a large one, by the form and in pieces; a field; a page with 40 pieces."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from assessments.assignments.models import RequirementKind
from assessments.evidence.forms import text_answer
from tests.bench import processes, uploads
from tests.bench.contest import Failed, Side
from tests.bench.measures import Bench, finding, page_size
from tests.bench.report import Finding
from tests.bench.requests import COOKIE, form_token, get, post, upload_head
from tests.bench.school import WEEK, School, words_for
from tests.bench.timed import MIB, in_turn
from tests.servers import HOST

MANY, LARGE = 100, 500 * MIB
PIECE = 64 * MIB
"""As many bytes as our page's script sends in one request."""
ROOM = 3
"""Files a draft of the bench has room for, beside the one that is in it."""
SAVING = "saving a draft field"
COLLECTED = "assignment page, 40 pieces"

LOCATION = re.compile(rb"(?im)^location: *(\S+)")

Sending = Callable[[Bench, str, int], float]


def files(bench: Bench) -> list[Finding]:
    """Each beside a bare receiver that writes and syncs the same bytes; with the memory of our server."""
    learners = chain(*([bench.school.submitters] * ROOM))
    alone = iter(bench.school.uploaders[10:])
    found = []
    for words, sending in (("by the form", by_form), ("in pieces", in_pieces)):
        bench.step(f"{MANY} files of 1 MB {words}")
        found += _beside(bench, f"{MANY} × 1 MB {words}", sending, learners, MANY, MIB)
        bench.step(f"a file of 500 MB {words}")
        found += _beside(bench, f"500 MB {words}", sending, alone, 1, LARGE)
    return found


def _beside(bench: Bench, what: str, sending: Sending, learners: Iterator[str], times: int, size: int) -> list[Finding]:
    root = bench.app.process.pid
    before: list[int] = []
    peaks: list[int] = []

    def ours() -> float:
        processes.forget_peaks(root)
        before.append(sum(processes.peaks(root).values()))
        took = sum(sending(bench, next(learners), size) for _ in range(times))
        peaks.append(sum(processes.peaks(root).values()))
        return took

    bare, mine = in_turn(1, lambda: uploads.plain(bench.home / "plain.bin", size, times), ours)
    held = f"{before[-1] / MIB:.0f} MiB before, {peaks[-1] / MIB:.0f} at its peak"
    return [
        Finding(what, mine / bare, f"plain with sync: {bare * 1000:.0f} ms", p50=mine * 1000),
        Finding("… memory more than before", (peaks[-1] - before[-1]) / MIB, held, unit=" MiB"),
    ]


def by_form(bench: Bench, cookie: str, size: int) -> float:
    """Seconds of one file, as a browser without scripts sends it."""
    slot = _slot(bench.school, RequirementKind.FILES)
    port = bench.app.port
    head, tail = upload_head(port, bench.school.draft_path, cookie, size, f"files-{slot.key}", "measured.csv")
    took, answer = uploads.send(port, head, size, tail)
    if not answer.startswith(b"HTTP/1.1 303"):
        raise Failed(f"upload by the form: {answer[:200]!r}")
    return took


def in_pieces(bench: Bench, cookie: str, size: int) -> float:
    """Seconds of one file, as our page's script sends it: begun, then piece after piece."""
    slot, port, offset = _slot(bench.school, RequirementKind.FILES), bench.app.port, 0
    own = {"Tus-Resumable": "1.0.0", "X-Form-Token": form_token(cookie), "Cookie": f"{COOKIE}={cookie}"}
    told = f"filename {b64encode(b'measured.csv').decode()},attempt {b64encode(b'1').decode()}"
    begin = own | {"Upload-Length": str(size), "Upload-Metadata": told, "Content-Length": "0"}
    took, answer = _ask(port, "POST", f"{bench.school.task_path}/uploads/{slot.key}", begin, 0, 201)
    path = LOCATION.findall(answer)[0].decode()
    while offset < size:
        length = min(PIECE, size - offset)
        kind = {"Content-Type": "application/offset+octet-stream", "Content-Length": str(length)}
        seconds, _ = _ask(port, "PATCH", path, own | kind | {"Upload-Offset": str(offset)}, length, 204)
        took, offset = took + seconds, offset + length
    return took


def _ask(port: int, method: str, path: str, headers: dict[str, str], size: int, status: int) -> tuple[float, bytes]:
    """Seconds until the answer began, and its head."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{lines}\r\n"
    took, answer = uploads.send(port, head.encode(), size, b"")
    if not answer.startswith(f"HTTP/1.1 {status}".encode()):
        raise Failed(f"{method} {path}: wanted {status}, got {answer[:300]!r}")
    return took, answer


def saving(bench: Bench) -> list[Finding]:
    """Everybody's text is changed and changed back, each time from what the page showed last."""
    requests = []
    for changed in (True, False):
        path, fields = typed(bench.school, changed=changed)
        requests += [post(bench.app.port, path, fields, cookie=cookie) for cookie in bench.school.submitters]
    ours = Side(bench.app.port, requests)
    return [finding(bench, SAVING, bench.contest(SAVING, ours, bench.bare_page(2_000)), "bare page of 2 kB")]


def typed(school: School, *, changed: bool) -> tuple[str, dict[str, str]]:
    """Where the script sends a text that was changed, or changed back, and what it says."""
    slot = _slot(school, RequirementKind.TEXT)
    text, seen = words_for(slot), f"Changed. {words_for(slot)}"
    if changed:
        text, seen = seen, text
    fields = {"attempt": "1", f"text-{slot.key}": text, f"seen-{slot.key}": text_answer("", seen).mark}
    return f"{school.draft_path}/{slot.key}", fields


def collected(bench: Bench) -> list[Finding]:
    """The page of a draft with 40 files in it."""
    ours = Side(bench.app.port, [get(bench.app.port, bench.school.task_path, bench.school.collector)])
    size = page_size(bench, ours)
    found = bench.contest(COLLECTED, ours, bench.bare_page(size))
    return [finding(bench, COLLECTED, found, f"bare page of {size / 1000:.0f} kB")]


def _slot(school: School, kind: RequirementKind) -> Any:
    return next(one for one in school.tasks[WEEK - 1].slots if one.kind is kind)
