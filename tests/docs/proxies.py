"""The proxies of the operators' guide: its own blocks, listening at free ports of this machine."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import DOCS, blocks
from tests.docs.visitor import NAME
from tests.servers import HOST, free_port

GUIDES = (DOCS / "operating" / "install.md", DOCS / "operating" / "backups.md")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it speaks TLS, where plain HTTP, and whose word its certificate is."""

    port: int
    plain_port: int
    authority: Path


def written(file: str) -> str:
    """The block of the guide that begins with the name of this file."""
    found = [block for guide in GUIDES for block in blocks(guide) if block.startswith(f"# {file}\n")]
    assert len(found) == 1, file
    return found[0]


@contextmanager
def nginx(folder: Path, school: int) -> Iterator[Proxy]:
    """With a certificate of its own; only ports and places of files are not the guide's."""
    ports, key, certificate = (free_port(), free_port()), folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    made += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    block = written("/etc/nginx/sites-available/fourweek").replace("127.0.0.1:8400", f"{HOST}:{school}")
    block = block.replace("listen 80;", f"listen {HOST}:{ports[1]};").replace(
        "listen 443 ", f"listen {HOST}:{ports[0]} "
    )
    block = block.replace(f"/etc/ssl/{NAME}.pem", str(certificate)).replace(f"/etc/ssl/private/{NAME}.key", str(key))
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"user root; daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {places}\n{block}}}\n"
    )
    with _running(["nginx", "-p", str(folder), "-c", str(config)], folder, certificate):
        yield Proxy(*ports, certificate)


@contextmanager
def caddy(folder: Path, school: int) -> Iterator[Proxy]:
    """With an authority of its own in place of the public one."""
    ports, config = (free_port(), free_port()), folder / "Caddyfile"
    block = written("/etc/caddy/Caddyfile").replace("127.0.0.1:8400", f"{HOST}:{school}")
    ours = f"https_port {ports[0]}\nhttp_port {ports[1]}\nlocal_certs\nskip_install_trust\nadmin off\n"
    config.write_text(f"{{\n{ours}}}\n{block}")
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    with _running(command, folder, folder / "caddy" / "certificates" / "local" / NAME / f"{NAME}.crt"):
        yield Proxy(*ports, authority)


@contextmanager
def _running(command: list[str], folder: Path, ready: Path) -> Iterator[None]:
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, env=dict(os.environ) | homes, stdout=log, stderr=log, cwd=folder)
    try:
        until = time.monotonic() + 30
        while not (ready.exists() and _listens(folder)) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.1)
        assert process.poll() is None, (folder / "proxy.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(15)


def _listens(folder: Path) -> bool:
    """nginx notes its number once it listens; Caddy says that it serves."""
    return (folder / "pid").exists() or bool(re.search("serving initial", (folder / "proxy.log").read_text()))
