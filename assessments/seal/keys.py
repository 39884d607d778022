"""The seal of this installation, from a file or the settings, and every certificate that ever sealed.

`seal.pem` holds the key that seals now and its certificates, owner-only; it is made by whichever process first needs
it. `FOURWEEK_SEAL_KEY`, the same text, takes its place, and then no private key is written. `seal-certificates/*.pem`
are for everybody to read and stay for ever; a certificate is kept there before it seals anything. `seal-revoked/*.json`
say which of them were revoked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assessments.badges.keys.files import (
    FOR_ALL,
    KeyFileError,
    Stamp,
    keep_once,
    make_folder,
    refuse_wider_rights,
    replace,
    stamp,
)
from assessments.badges.keys.published import Revocation, keep_revocation
from assessments.badges.keys.published import revocations as revoked_in
from assessments.badges.keys.turning import UnknownKeyError
from assessments.seal.certificates import SealKey, fingerprint_of, read_certificates
from fourweek.settings import Settings

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FILE: Final = "seal.pem"
FOLDER: Final = "seal-certificates"
REVOKED: Final = "seal-revoked"
WARNED_BEFORE: Final = timedelta(days=60)
_WAY_OUT: Final = "Run `fourweek keys rotate --kind seal`, or give a new one in FOURWEEK_SEAL_KEY or the key's file."


def current_seal(settings: Settings, now: datetime) -> SealKey:
    """What seals now (real clock), published already. Made if there is none, or if our own has ended or was revoked.

    Raises KeyFileError for what cannot be used, and for a certificate from elsewhere that does not hold now.
    """
    key = _given_or_kept(settings, now)
    is_revoked = key.fingerprint in revocations(settings)
    if key.self_made and not _setting(settings):
        if is_revoked or now > key.certificate.not_valid_after_utc:
            key = rotate(settings, now)
    elif is_revoked:
        raise KeyFileError(f"The seal's certificate was revoked. {_WAY_OUT}")
    elif not key.holds(now):
        raise KeyFileError(f"The seal's certificate does not hold now; its last day is {_day(key)}. {_WAY_OUT}")
    _publish(settings.keys, key)
    return key


def published(settings: Settings) -> Mapping[str, "Certificate"]:
    """Every certificate that ever sealed, by its fingerprint. Raises KeyFileError for a damaged file."""
    found = [_certificate(path, stamp(path)) for path in sorted((settings.keys / FOLDER).glob("*.pem"))]
    return {fingerprint_of(one): one for one in found}


def published_pem(settings: Settings, fingerprint: str) -> bytes | None:
    """A certificate that ever sealed, with those that vouch for it; None for one that is none of ours."""
    path = settings.keys / FOLDER / f"{fingerprint}.pem"
    return path.read_bytes() if fingerprint in published(settings) else None


def seals_now(settings: Settings) -> SealKey | None:
    """What seals now, None before the first. Nothing is made. Raises KeyFileError."""
    if given := _setting(settings):
        return _from_setting(given)
    path = settings.keys / FILE
    return _from_file(path) if path.exists() else None


def rotate(settings: Settings, now: datetime) -> SealKey:
    """Make a key and a certificate of our own that seal from now on; the one before stays published.

    Raises KeyFileError for a seal that the environment gives, with what to do instead.
    """
    if _setting(settings):
        raise KeyFileError(
            "The seal comes from FOURWEEK_SEAL_KEY, which this command cannot change. Set it to the new key and "
            "certificates and start the server and the worker again; the old certificate stays published."
        )
    old, new = seals_now(settings), SealKey.make(settings.institution, now)
    make_folder(settings.keys)
    for key in (old, new):  # the new one too, so that not even two at once lose a certificate
        if key is not None:
            _publish(settings.keys, key)
    replace(settings.keys / FILE, new.pem())
    return new


def revocations(settings: Settings) -> Mapping[str, Revocation]:
    """Which certificates were revoked, by their fingerprints, when and why. Raises KeyFileError."""
    return revoked_in(settings.keys, REVOKED)


def revoke(settings: Settings, fingerprint: str, why: str, at: datetime) -> Revocation:
    """Say that a key may be in other hands (real clock): it seals nothing any more. What was said first stays.

    Raises UnknownKeyError for a certificate that is none of ours, and KeyFileError.
    """
    if fingerprint not in published(settings):
        raise UnknownKeyError(fingerprint)
    keep_revocation(settings.keys, Revocation(fingerprint, at, why), REVOKED)
    return revocations(settings)[fingerprint]


def warning(key: SealKey, now: datetime) -> str:
    """What the operator has to know of a certificate that ends soon, "" while there is time."""
    if key.certificate.not_valid_after_utc - now > WARNED_BEFORE:
        return ""
    return f"The seal's certificate holds until {_day(key)}. {_WAY_OUT}"


def _given_or_kept(settings: Settings, now: datetime) -> SealKey:
    found = seals_now(settings)
    if found is not None:
        return found
    make_folder(settings.keys)
    keep_once(settings.keys / FILE, SealKey.make(settings.institution, now).pem())
    return _from_file(settings.keys / FILE)


def _setting(settings: Settings) -> str:
    """Line ends may be written as two characters, `\\n`."""
    return settings.seal_key.get_secret_value().replace("\\n", "\n").strip()


def _publish(folder: Path, key: SealKey) -> None:
    path = folder / FOLDER / f"{key.fingerprint}.pem"
    if not path.exists():
        make_folder(folder / FOLDER, 0o755)
        keep_once(path, key.public_pem(), FOR_ALL)


def _day(key: SealKey) -> str:
    return key.certificate.not_valid_after_utc.date().isoformat()


def _from_file(path: Path) -> SealKey:
    refuse_wider_rights(path.parent)
    refuse_wider_rights(path)
    return _parsed(path, stamp(path))


@lru_cache(maxsize=16)
def _parsed(path: Path, _stamp: Stamp) -> SealKey:
    try:
        return SealKey.from_pem(path.read_bytes())
    except ValueError as error:
        raise KeyFileError(f"{path} {error}. Restore the file that was there, from a backup.") from None


@lru_cache(maxsize=8)
def _from_setting(given: str) -> SealKey:
    try:
        return SealKey.from_pem(given.encode("utf-8"))
    except ValueError as error:
        raise KeyFileError(f"FOURWEEK_SEAL_KEY {error}. Set it to the key and its certificates, PEM.") from None


@lru_cache(maxsize=256)
def _certificate(path: Path, _stamp: Stamp) -> "Certificate":
    try:
        return read_certificates(path.read_bytes())[0]
    except ValueError as error:
        raise KeyFileError(f"{path} {error}. Restore it from a backup.") from None
