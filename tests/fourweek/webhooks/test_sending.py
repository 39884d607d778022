"""A message goes over TLS to a public address and nowhere else; whatever answers, the try ends soon and in words."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fourweek.webhooks import sending
from fourweek.webhooks.destinations import is_public, url_problem
from fourweek.webhooks.sending import Sender
from tests.fourweek.webhooks.receiving import listening

BODY = '{"said":"Zoë"}'
INSIDE = Sender(inside=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://localhost/hook",
        "https://printer.local/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nhost: other",
        "https://exämple.org/",
        "https://example.org:99999/",
        "https:///hook",
        "ftp://example.org/",
        "example.org",
        "https://example.org/" + "a" * 500,
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    problem = url_problem(url, inside=False)
    assert problem.endswith(".")
    answer = Sender()(url, {}, BODY)
    assert (answer.status, answer.problem, answer.closed_door) == (0, problem, True)


def test_addresses_that_will_do() -> None:
    assert url_problem("https://example.org:8443/hook?a=b", inside=False) == ""
    assert url_problem("https://[2606:2800:220:1::1]/", inside=False) == ""
    assert url_problem("http://127.0.0.1:9/", inside=True) == ""


@pytest.mark.parametrize("number", ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e"])
def test_public_addresses(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize("number", ["224.0.0.1", "255.255.255.255", "240.0.0.1", "192.168.0.1", "ff02::1", "fc00::1"])
def test_addresses_that_are_not_public(number: str) -> None:
    assert not is_public(ip_address(number))


def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where only one of its addresses does, whichever comes first; nothing is connected to."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    answer = Sender()("https://rebound.example/hook", {}, BODY)
    assert answer.problem == "rebound.example leads to a private address (10.0.0.7)."


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "localhost."])
def test_other_ways_to_write_this_machine_lead_nowhere(host: str) -> None:
    answer = Sender()(f"https://{host}/hook", {}, BODY)
    assert answer.status == 0
    assert "leads to a private address" in answer.problem or "is not known to the name server" in answer.problem


def test_the_address_is_looked_up_once_and_that_number_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def count(host: str, *args: Any, **more: Any) -> Any:
        asked.append(host)
        return look_up("127.0.0.1" if host == "alumni.example" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", count)
    with listening() as listener:
        url = listener.url.replace("127.0.0.1", "alumni.example")
        answer = INSIDE(url, {"webhook-id": "m1"}, BODY)
        ((path, headers, body),) = listener.got
    assert (answer.taken, answer.status) == (True, 204)
    assert [host for host in asked if host == "alumni.example"] == ["alumni.example"]
    assert (path, body.decode()) == ("/badges?from=us", BODY)
    assert headers["host"].startswith("alumni.example:")
    assert (headers["webhook-id"], headers["content-type"]) == ("m1", "application/json")


def test_answers_are_said_in_words_and_redirects_are_not_followed() -> None:
    with listening() as listener:
        listener.answer = (302, {"location": listener.url}, b"")
        assert INSIDE(listener.url, {}, BODY).problem.startswith("It answered 302, which leads elsewhere")
        assert len(listener.got) == 1
        listener.answer = (400, {}, b"No\0 such\n  thing" + b"!" * 100_000)
        answer = INSIDE(listener.url, {}, BODY)
        assert answer.problem.startswith("It answered 400: No such thing!!!")
        assert (len(answer.problem) < 400, answer.closed_door) == (True, False)
        listener.answer = (503, {}, b"")
        answer = INSIDE(listener.url, {}, BODY)
        assert (answer.problem, answer.closed_door) == ("It answered 503.", True)


def test_nobody_there() -> None:
    with listening() as listener:
        url = listener.url
    answer = INSIDE(url, {}, BODY)
    assert (answer.status, answer.problem) == (0, "Nothing listens at that address.")


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_whoever_keeps_us_waiting_is_hung_up_on(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never answers, and one that answers a little for ever: silence alone would not end that."""
    monkeypatch.setattr(sending, "WHOLE_TRY", 0.3)
    gone = threading.Event()

    def drip(server: socket.socket) -> None:
        taken, _ = server.accept()
        with taken:
            while not gone.wait(0.02):
                try:
                    taken.sendall(said)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        answer = INSIDE(f"http://127.0.0.1:{server.getsockname()[1]}/", {}, BODY)
        gone.set()
        thread.join()
    assert (answer.status, answer.problem) == (0, "No answer in time.")


def _certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's side of TLS for `name`, signed by itself; its certificate is `folder/cert.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    now, subject = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_the_certificate_must_be_the_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server_side = _certificate(tmp_path, "alumni.example")
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *args, **more: look_up("127.0.0.1", *args, **more))
    trusting = Sender(inside=True, trust=ssl.create_default_context(cafile=tmp_path / "cert.pem"))

    def answer(server: socket.socket, tries: int) -> None:
        for _ in range(tries):
            plain, _peer = server.accept()
            try:
                with server_side.wrap_socket(plain, server_side=True) as taken:
                    got = b""
                    while not got.endswith(BODY.encode()) and (piece := taken.recv(65536)):
                        got += piece
                    taken.sendall(b"HTTP/1.1 204 Fine\r\n\r\n")
            except (ssl.SSLError, OSError):
                plain.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(10)
        thread = threading.Thread(target=answer, args=(server, 3))
        thread.start()
        taken = trusting(f"https://alumni.example:{port}/", {}, BODY)
        other = trusting(f"https://other.example:{port}/", {}, BODY)
        unknown = INSIDE(f"https://alumni.example:{port}/", {}, BODY)
        thread.join()
    assert taken.taken
    for refused in (other, unknown):
        assert refused.problem == "No trusted connection: CERTIFICATE_VERIFY_FAILED."
