"""Public keys beside the private ones: those that signed before and stay published, and which of all were revoked.

`badges-retired/*.pem` are public keys, `badges-revoked/*.json` one file a revoked key; both are for everybody to read.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from assessments.badges.keys.files import FOR_ALL, KeyFileError, Stamp, keep_once, make_folder, stamp
from assessments.badges.multikey import PublicKey
from assessments.badges.rsa_keys import RsaPublicKey
from assessments.badges.times import parse_instant, zulu
from fourweek.light import dataclass

RETIRED_FOLDER: Final = "badges-retired"
REVOKED_FOLDER: Final = "badges-revoked"

AnyPublicKey = PublicKey | RsaPublicKey


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key that speaks for us no more, whatever it signed. `at` is the real clock."""

    key_id: str
    at: datetime
    why: str


def retired_keys(folder: Path) -> tuple[AnyPublicKey, ...]:
    """Every public key that is kept in `folder`, by the name of its file. Raises KeyFileError for a damaged one."""
    return tuple(_public_key(path, stamp(path)) for path in sorted((folder / RETIRED_FOLDER).glob("*.pem")))


def retire(folder: Path, key: AnyPublicKey) -> None:
    """Keep a public key for ever."""
    kind = "ed25519" if isinstance(key, PublicKey) else "rsa"
    make_folder(folder / RETIRED_FOLDER, 0o755)
    keep_once(folder / RETIRED_FOLDER / f"{kind}-{key.key_id}.pem", public_pem(key), FOR_ALL)


def revocations(folder: Path, below: str = REVOKED_FOLDER) -> Mapping[str, Revocation]:
    """What was revoked, by key id, the earliest first; `below` is where in `folder`. Raises KeyFileError for a damaged
    file."""
    found = (_revocation(path, stamp(path)) for path in (folder / below).glob("*.json"))
    return {one.key_id: one for one in sorted(found, key=lambda one: (one.at, one.key_id))}


def keep_revocation(folder: Path, revoked: Revocation, below: str = REVOKED_FOLDER) -> bool:
    """Note that a key is revoked. False when it was already; what was noted first stays."""
    said = {"key": revoked.key_id, "at": zulu(revoked.at), "why": revoked.why}
    make_folder(folder / below, 0o755)
    data = json.dumps(said, ensure_ascii=False, indent=2) + "\n"
    return keep_once(folder / below / f"{revoked.key_id}.json", data.encode("utf-8"), FOR_ALL)


def public_pem(key: AnyPublicKey) -> bytes:
    """The key as PEM (SubjectPublicKeyInfo)."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415 (heavy)

    public = (
        Ed25519PublicKey.from_public_bytes(key.raw)
        if isinstance(key, PublicKey)
        else RSAPublicNumbers(key.e, key.n).public_key()
    )
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _public_key(path: Path, _stamp: Stamp) -> AnyPublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 (heavy)

    try:
        public = load_pem_public_key(path.read_bytes())
        if isinstance(public, Ed25519PublicKey):
            return PublicKey(public.public_bytes_raw())
        if isinstance(public, RSAPublicKey):
            return RsaPublicKey(public.public_numbers().n, public.public_numbers().e)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} cannot be read as a public key. Restore it from a backup.") from error
    raise KeyFileError(f"{path} is neither an Ed25519 nor an RSA key. Restore the file that was there.")


@lru_cache(maxsize=256)
def _revocation(path: Path, _stamp: Stamp) -> Revocation:
    try:
        said: dict[str, Any] = json.loads(path.read_bytes())
        at = parse_instant(said["at"])
        if at is None or said["key"] != path.stem:
            raise ValueError("not what we wrote")  # noqa: TRY301 the one way out below
        return Revocation(said["key"], at, str(said["why"]))
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileError(
            f"{path} cannot be read. Restore it from a backup: it says which key was revoked."
        ) from error
