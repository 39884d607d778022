"""Uploads, beside a plain socket-to-file with a sync at the end of each.

As a process (`python -m tests.bench.uploads FILE TIMES`): the plain receiver; prints its port, takes TIMES files.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.servers import HOST, PYTHON, REPO

PIECE = 1024 * 1024
KEPT = b"kept"


def send(port: int, head: bytes, size: int, tail: bytes | None) -> tuple[float, bytes]:
    """Send `size` bytes between head and tail; returns seconds until the answer began, and its beginning.

    With None for a tail the sending side is closed instead.
    """
    piece = os.urandom(PIECE // 2).hex().encode()
    started = time.perf_counter()
    with socket.create_connection((HOST, port), timeout=120) as line:
        line.sendall(head)
        for at in range(0, size, PIECE):
            line.sendall(memoryview(piece)[: size - at])
        if tail is None:
            line.shutdown(socket.SHUT_WR)
        else:
            line.sendall(tail)
        answer = line.recv(4096)
    return time.perf_counter() - started, answer


def plain(target: Path, size: int, times: int = 1) -> float:
    """Seconds until a bare receiver, a process like our server, has written and synced `size` bytes and said so.

    Several `times` are files of their own, one after the other.
    """
    command = [PYTHON, "-m", "tests.bench.uploads", str(target), str(times)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPO) as receiver:
        assert receiver.stdout is not None
        port = int(receiver.stdout.readline())
        sent = [send(port, b"", size, None) for _ in range(times)]
    kept = [_numbered(target, number) for number in range(times)]
    whole = all(answer == KEPT for _, answer in sent) and all(file.stat().st_size == size for file in kept)
    for file in kept:
        file.unlink()
    if not whole:
        raise RuntimeError("the plain receiver did not keep everything")
    return sum(took for took, _ in sent)


def receive(target: Path, times: int) -> None:
    buffer = memoryview(bytearray(PIECE))
    with socket.create_server((HOST, 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        for number in range(times):
            line, _ = listener.accept()
            _keep(line, _numbered(target, number), buffer)


def _keep(line: socket.socket, target: Path, buffer: memoryview) -> None:
    with line, target.open("wb", buffering=0) as out:
        while got := line.recv_into(buffer):
            out.write(buffer[:got])
        os.fsync(out.fileno())
        line.sendall(KEPT)


def _numbered(target: Path, number: int) -> Path:
    return target.with_name(f"{target.name}-{number}")


if __name__ == "__main__":
    receive(Path(sys.argv[1]), int(sys.argv[2]))
