"""The proxies and units of the operators' guide, as they are written there. Part of `make prove`."""

import http.client
import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.docs import proxies
from tests.docs.proxies import Proxy
from tests.docs.visitor import NAME, Visitor, pieces
from tests.durability.school import FILES_SLOT, PASSWORD, School, make_school
from tests.servers import FOURWEEK, HOST, serving
from tests.visits import forms

pytestmark = pytest.mark.slow
LARGE = 100 * 1024 * 1024
PIECE = 64 * 1024 * 1024
CHECKS = 60
"""Checks in a minute from one address; on a slow machine a minute may end between them."""
UNITS = ("fourweek.service", "fourweek-worker.service", "fourweek-backup.service", "fourweek-backup.timer")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("school")
    made = make_school(folder, "sqlite", 1)
    environment = made.environment | {"FOURWEEK_BASE_URL": f"https://{NAME}", "FOURWEEK_INSECURE": "passwords"}
    with serving([FOURWEEK, "run"], made.port, environment, folder / "log"):
        yield made


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(school: School, request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    with getattr(proxies, request.param)(tmp_path_factory.mktemp(request.param), school.port) as running:
        yield running


@pytest.fixture
def learner(school: School, proxy: Proxy) -> Visitor:
    visitor = Visitor(proxy.port, proxy.authority)
    assert visitor.sign_in(school.addresses[0], PASSWORD) == 303
    return visitor


def test_a_sign_in_keeps_secure_cookies(learner: Visitor) -> None:
    assert learner.ask("GET", "/home")[0] == 200
    assert all(name.startswith("__Host-") for name in learner.cookies)
    assert {"Secure", "HttpOnly"} <= learner.marks


def test_plain_http_leads_to_tls(proxy: Proxy) -> None:
    with closing(http.client.HTTPConnection(HOST, proxy.plain_port, timeout=30)) as line:
        line.request("GET", "/verify", headers={"Host": NAME})
        answer = line.getresponse()
    assert answer.status in {301, 308}
    assert answer.headers["location"].startswith(f"https://{NAME}")


def test_a_large_file_comes_by_the_form(school: School, learner: Visitor) -> None:
    work = school.assignments[0]
    fields = forms(learner.ask("GET", work)[2])[f"{work}/draft"]
    assert learner.send_file(f"{work}/draft", fields, f"files-{FILES_SLOT}", LARGE) == 303
    assert "large.txt" in learner.ask("GET", work)[2]


def test_a_large_file_comes_in_pieces(school: School, learner: Visitor) -> None:
    work = school.assignments[1]
    token = forms(learner.ask("GET", work)[2])[f"{work}/draft"]["form_token"]
    told = {"Tus_Resumable": "1.0.0", "X_Form_Token": token}
    name = f"filename {b64encode(b'pieces.txt').decode()},attempt {b64encode(b'1').decode()}"
    begun = learner.ask("POST", f"{work}/uploads/{FILES_SLOT}", Upload_Length=str(LARGE), Upload_Metadata=name, **told)
    assert begun[0] == 201
    path = begun[1]["location"].removeprefix(f"https://{NAME}")
    for at in range(0, LARGE, PIECE):
        size = min(PIECE, LARGE - at)
        kind = {"Content_Type": "application/offset+octet-stream", "Content_Length": str(size)}
        assert learner.ask("PATCH", path, pieces(size), Upload_Offset=str(at), **kind, **told)[0] == 204
        assert learner.ask("HEAD", path, **told)[1]["upload-offset"] == str(at + size)
    assert "pieces.txt" in learner.ask("GET", work)[2]
    assert learner.ask("OPTIONS", f"{work}/uploads/{FILES_SLOT}", **told)[0] == 204


def test_limits_count_for_each_visitor_whatever_they_write(proxy: Proxy, request: Any) -> None:
    """Addresses of their own for each proxy: the school counts over both."""
    part = 10 if "nginx" in request.node.name else 20
    many, other = (Visitor(proxy.port, proxy.authority, f"127.0.0.{part + one}") for one in (1, 2))
    asked = json.dumps({"badge": f"https://{NAME}/badges/QjiMbkHc5Ccu9jt8rPJxKc"})
    kind = {"Content_Type": "application/json"}
    tries = range(3 * CHECKS)
    said = (many.ask("POST", "/api/v1/verify", asked, X_Forwarded_For=f"203.0.113.{one}", **kind)[0] for one in tries)
    assert next(said) != 429
    assert 429 in said, "each visitor wrote an address of their own into the header, and was believed"
    assert other.ask("POST", "/api/v1/verify", asked, **kind)[0] != 429


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_units_are_what_systemd_takes(tmp_path: Path) -> None:
    for unit in UNITS:
        written = proxies.written(f"/etc/systemd/system/{unit}").replace("/opt/fourweek/.venv/bin/fourweek", FOURWEEK)
        (tmp_path / unit).write_text(written)
    names = [str(tmp_path / unit) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], check=False, capture_output=True, text=True
    )
    assert [line for line in done.stderr.splitlines() if "fourweek" in line] == []
    assert done.returncode == 0, done.stderr
