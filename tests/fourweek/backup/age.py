"""The age format with a passphrase, as its specification says it (https://age-encryption.org/v1), by other means than
ours: what a stranger would write in decades to open the keys."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INTRO = "age-encryption.org/v1"
CHUNK = 64 * 1024 + 16


def decrypt(sealed: bytes, passphrase: str) -> bytes:
    """Raises InvalidTag for another passphrase or an altered file."""
    head, _, rest = sealed.partition(b"\n--- ")
    intro, stanza, body = head.decode().split("\n")
    arrow, kind, salt, work = stanza.split(" ")
    assert (intro, arrow, kind) == (INTRO, "->", "scrypt")
    file_key = ChaCha20Poly1305(_wrapping(passphrase, _bytes(salt), int(work))).decrypt(bytes(12), _bytes(body), None)
    mac, _, payload = rest.partition(b"\n")
    assert hmac.compare_digest(_mac(file_key, head), _bytes(mac.decode()))
    key, chunks = ChaCha20Poly1305(_derived(file_key, payload[:16], b"payload")), payload[16:]
    pieces = [chunks[start : start + CHUNK] for start in range(0, len(chunks), CHUNK)]
    return b"".join(key.decrypt(_nonce(n, n == len(pieces) - 1), piece, None) for n, piece in enumerate(pieces))


def encrypt(plain: bytes, passphrase: str, work: int = 10) -> bytes:
    """One chunk, with little work, so that tests need not wait."""
    salt, file_key, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    body = ChaCha20Poly1305(_wrapping(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
    head = f"{INTRO}\n-> scrypt {_text(salt)} {work}\n{_text(body)}".encode()
    key = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    mac = _text(_mac(file_key, head)).encode()
    return head + b"\n--- " + mac + b"\n" + nonce + key.encrypt(_nonce(0, last=True), plain, None)


def _wrapping(passphrase: str, salt: bytes, work: int) -> bytes:
    salt = f"{INTRO}/scrypt".encode() + salt
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**work, r=8, p=1, dklen=32, maxmem=2**31 - 1)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), head + b"\n---", "sha256")


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _nonce(number: int, last: bool) -> bytes:  # noqa: FBT001
    return number.to_bytes(11, "big") + bytes([last])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
