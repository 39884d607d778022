"""The seal's certificates in words, the one that seals now first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessments.seal.certificates import in_groups
from assessments.seal.keys import published, seals_now
from courses.schedule.words import say_date
from fourweek.settings import Settings

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True, slots=True)
class SealRow:
    """A certificate. `fingerprint` is plain, as in its address; `grouped` is how people compare it."""

    fingerprint: str
    grouped: str
    words: str


def seal_rows(settings: Settings) -> tuple[SealRow, ...]:
    """Every certificate that ever sealed. Reads files. Raises KeyFileError."""
    now = seals_now(settings)
    current = now.fingerprint if now else ""
    found = sorted(published(settings).items(), key=lambda item: item[1].not_valid_before_utc, reverse=True)
    ordered = sorted(found, key=lambda item: item[0] != current)
    return tuple(SealRow(mark, in_groups(mark), _words(one, current=mark == current)) for mark, one in ordered)


def _words(certificate: "Certificate", *, current: bool) -> str:
    until = say_date(certificate.not_valid_after_utc.date())
    return f"Seals now; valid until {until}." if current else f"Sealed before; valid until {until}."
