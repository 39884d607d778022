"""Passwords, behind passlib's API so that the library can be replaced here alone. Slow on purpose: not on the loop."""

from functools import cache

import anyio
import anyio.to_thread
from passlib.context import CryptContext

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


class Passwords:
    """Hashes and checks passwords with argon2id, at most two at a time in threads of their own."""

    def __init__(self, memory_kib: int, rounds: int) -> None:
        self._argon2 = _context(memory_kib, rounds)
        self._limiter: anyio.CapacityLimiter | None = None
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        return str(self._argon2.hash(password))

    def check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether the password fits, and a fresh hash when the stored one is outdated.

        Without a stored hash the same work is done, so that an unknown account takes as long as a known one.
        """
        if self._nobody is None:
            self._nobody = self.hash("nobody has this password")
        fits, fresh = self._argon2.verify_and_update(password[:MAXIMUM], stored or self._nobody)
        return bool(fits and stored), fresh if fits and stored else None

    async def check_aside(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """`check` in a thread of its own."""
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(2)
        return await anyio.to_thread.run_sync(self.check, password, stored, limiter=self._limiter)


def problem(password: str) -> str | None:
    """What is wrong with a new password, in a sentence; None when it will do."""
    if len(password) < MINIMUM:
        return f"Use at least {MINIMUM} characters; a short sentence is fine."
    if len(password.encode()) > MAXIMUM:
        return f"Use at most {MAXIMUM} bytes."
    return None
