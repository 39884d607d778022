"""Passwords, behind passlib's API so that the library can be replaced here alone. Slow on purpose: not on the loop."""

import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from functools import cache

import anyio
import anyio.to_thread
from passlib.context import CryptContext

from fourweek.accounts.easy_passwords import easy
from fourweek.language import _

MINIMUM, MAXIMUM = 12, 1024


@cache
def _context(memory_kib: int, rounds: int) -> CryptContext:
    return CryptContext(
        schemes=["argon2"],
        argon2__type="ID",
        argon2__memory_cost=memory_kib,
        argon2__rounds=rounds,
        argon2__parallelism=1,
    )


def _nobody(memory_kib: int, rounds: int) -> str:
    """A hash that no known password has and that takes as long to check as any other; made without hashing."""
    salt, digest = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={memory_kib},t={rounds},p=1${salt}${digest}"


class Passwords:
    """Hashes and checks passwords with argon2id, at most two at a time in threads of their own."""

    def __init__(self, memory_kib: int, rounds: int) -> None:
        self._argon2 = _context(memory_kib, rounds)
        self._limiter: anyio.CapacityLimiter | None = None
        self.nobody = _nobody(memory_kib, rounds)

    def hash(self, password: str) -> str:
        return str(self._argon2.hash(_kept(password)))

    def check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password fits, and a fresh hash when the stored one is outdated.

        Without a stored hash the same work is done, so that an unknown account takes as long as a known one. What is
        longer than any password can be fits nothing: it is not cut.
        """
        known = stored if _fits_size(password) else None
        fits, fresh = self._argon2.verify_and_update(_kept(password[:MAXIMUM]), known or self.nobody)
        return bool(fits and known), fresh if fits and known else None

    async def check_aside(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """`check` in a thread of its own."""
        return await anyio.to_thread.run_sync(self.check, password, stored, limiter=self._threads())

    async def hash_aside(self, password: str) -> str:
        """`hash` in a thread of its own."""
        return await anyio.to_thread.run_sync(self.hash, password, limiter=self._threads())

    def _threads(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(2)
        return self._limiter


def problem(password: str, about: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, in a sentence; None when it will do. `about`: what is known of its person."""
    if len(password) < MINIMUM:
        return _("Use at least {minimum} characters; a short sentence is fine.", minimum=MINIMUM)
    if not _fits_size(password):
        return _("Use at most {maximum} bytes.", maximum=MAXIMUM)
    return easy(password, about)


def problems(password: str, again: str, about: Iterable[str] = ()) -> dict[str, str]:
    """What is wrong with a new password that was typed twice, by the fields `password` and `password_again`."""
    if wrong := problem(password, about):
        return {"password": wrong}
    return {} if password == again else {"password_again": _("This is not the same password. Type it once more.")}


def _fits_size(password: str) -> bool:
    return len(_kept(password).encode()) <= MAXIMUM


def _kept(password: str) -> str:
    """A password as it is hashed: keyboards write the same letter in different ways (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password)
