"""The seal's certificates in words, the one that seals now first."""

from typing import TYPE_CHECKING

from assessments.badges.keys.published import Revocation
from assessments.seal.certificates import in_groups
from assessments.seal.keys import published, revocations, seals_now
from courses.schedule.words import say_date
from fourweek.language import _
from fourweek.light import dataclass
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
    now, revoked = seals_now(settings), revocations(settings)
    current = now.fingerprint if now else ""
    found = sorted(published(settings).items(), key=lambda item: item[1].not_valid_before_utc, reverse=True)
    ordered = sorted(found, key=lambda item: item[0] != current)
    return tuple(
        SealRow(mark, in_groups(mark), _words(one, revoked.get(mark), current=mark == current)) for mark, one in ordered
    )


def _words(certificate: "Certificate", revoked: Revocation | None, *, current: bool) -> str:
    if revoked:
        return _(
            "Revoked on {day}: {why} Ask this site about what it sealed.",
            day=say_date(revoked.at.date()),
            why=revoked.why,
        )
    until = say_date(certificate.not_valid_after_utc.date())
    return (
        _("Seals now; valid until {day}.", day=until) if current else _("Sealed before; valid until {day}.", day=until)
    )
