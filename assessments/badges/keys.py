"""The institution's signing key: an owner-only file beside the data, never a row in the database.

`badges-ed25519.pem` is the key that signs now (PKCS #8). `badges-retired/*.pem` are public keys that signed before
and stay published as long as their badges live. Made once, by whichever process comes first.
"""

import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assessments.badges.multikey import PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNING_FILE: Final = "badges-ed25519.pem"
RETIRED_FOLDER: Final = "badges-retired"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(RuntimeError):
    """A key file that cannot be used. For the operator: names the file and the way out, never what is in it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key, which never shows itself, and its public half."""

    _private: "Ed25519PrivateKey" = field(repr=False)
    public: PublicKey

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 signature."""
        return self._private.sign(data)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key that signs now, and every public key under which our badges hold, the current one first."""

    signing: SigningKey
    public: tuple[PublicKey, ...]


def load_keys(folder: Path) -> KeyRing:
    """The keys in `folder`; makes the folder and the first key if there is none. Files are parsed once per change.

    Raises KeyFileError for a file or folder that others may read, or one that is no Ed25519 key.
    """
    path = folder / SIGNING_FILE
    if not path.exists():
        _create(folder)
    _refuse_wider_rights(folder)
    _refuse_wider_rights(path)
    signing = _signing_key(path, _stamp(path))
    retired = (_public_key(file, _stamp(file)) for file in sorted((folder / RETIRED_FOLDER).glob("*.pem")))
    return KeyRing(signing, tuple(dict.fromkeys([signing.public, *retired])))


def new_signing_key() -> SigningKey:
    """A fresh key that is kept nowhere."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 (heavy)

    return _wrap(Ed25519PrivateKey.generate())


def _create(folder: Path) -> None:
    """Write a new key beside its place and link it there: complete or not at all, and the first process wins."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_wider_rights(folder)
    draft = folder / f".{SIGNING_FILE}.{secrets.token_hex(8)}"
    try:
        _write_owner_only(draft, _pem(new_signing_key()))
        _link_if_absent(draft, folder / SIGNING_FILE)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(folder)


def _link_if_absent(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return


def _write_owner_only(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_wider_rights(path: Path) -> None:
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        wanted = "700" if path.is_dir() else "600"
        raise KeyFileError(f"{path} may be used by others (mode {mode:o}). Run: chmod {wanted} {path}")


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=16)
def _signing_key(path: Path, _stamp: tuple[int, int, int]) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 (heavy)

    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{path} cannot be read as a private key. Restore it from a backup.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is not an Ed25519 key. Restore the file that was there.")
    return _wrap(private)


@lru_cache(maxsize=64)
def _public_key(path: Path, _stamp: tuple[int, int, int]) -> PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 (heavy)

    try:
        public = load_pem_public_key(path.read_bytes())
    except ValueError as error:
        raise KeyFileError(f"{path} cannot be read as a public key. Restore it from a backup.") from error
    if not isinstance(public, Ed25519PublicKey):
        raise KeyFileError(f"{path} is not an Ed25519 key. Restore the file that was there.")
    return PublicKey(public.public_bytes_raw())


def _wrap(private: "Ed25519PrivateKey") -> SigningKey:
    return SigningKey(private, PublicKey(private.public_key().public_bytes_raw()))


def _pem(key: SigningKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (heavy)

    return key._private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
