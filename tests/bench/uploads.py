"""A large upload, beside a plain socket-to-file with a sync at its end.

As a process (`python -m tests.bench.uploads FILE`): the plain receiver; prints its port, takes one connection.
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


def send(port: int, head: bytes, size: int, tail: bytes) -> tuple[float, bytes]:
    """Send `size` bytes between head and tail; returns seconds until the answer began, and its beginning.

    Without a tail the sending side is closed instead.
    """
    piece = os.urandom(PIECE // 2).hex().encode()
    started = time.perf_counter()
    with socket.create_connection((HOST, port), timeout=120) as line:
        line.sendall(head)
        for at in range(0, size, PIECE):
            line.sendall(memoryview(piece)[: size - at])
        if tail:
            line.sendall(tail)
        else:
            line.shutdown(socket.SHUT_WR)
        answer = line.recv(4096)
    return time.perf_counter() - started, answer


def plain(target: Path, size: int) -> float:
    """Seconds until a bare receiver, a process like our server, has written and synced `size` bytes and said so."""
    command = [PYTHON, "-m", "tests.bench.uploads", str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPO) as receiver:
        assert receiver.stdout is not None
        took, answer = send(int(receiver.stdout.readline()), b"", size, b"")
    whole = answer == KEPT and target.stat().st_size == size
    target.unlink()
    if not whole:
        raise RuntimeError("the plain receiver did not keep everything")
    return took


def receive(target: Path) -> None:
    buffer = memoryview(bytearray(PIECE))
    with socket.create_server((HOST, 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        line, _ = listener.accept()
    with line, target.open("wb", buffering=0) as out:
        while got := line.recv_into(buffer):
            out.write(buffer[:got])
        os.fsync(out.fileno())
        line.sendall(KEPT)


if __name__ == "__main__":
    receive(Path(sys.argv[1]))
