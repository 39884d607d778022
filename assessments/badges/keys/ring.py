"""All keys of this moment, from files and settings. Files are looked at anew each time and parsed once per change.

`badges-ed25519.pem` and `badges-rsa.pem` are the keys that sign now (PKCS #8), made once by whichever process comes
first. A key in the settings takes the place of its file, and then no private key is written.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from pydantic import SecretStr

from assessments.badges.keys.files import KeyFileError, Stamp, keep_once, make_folder, refuse_wider_rights, stamp
from assessments.badges.keys.private import KINDS, JwtKey, PrivateKey, SigningKey
from assessments.badges.keys.published import AnyPublicKey, Revocation, retired_keys, revocations
from assessments.badges.multikey import PublicKey
from assessments.badges.rsa_keys import RsaPublicKey
from fourweek.light import dataclass
from fourweek.settings import Settings

K = TypeVar("K", SigningKey, JwtKey)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys as they were when the ring was loaded; only the RSA keys are looked up when they are asked for.

    `revocations` says by key id when and why a key was revoked. Such a key may still be published, and is in neither
    `public` nor `jwt_public`: nothing holds under it.
    """

    _signing: SigningKey = field(repr=False)
    _settings: Settings = field(repr=False)
    retired: tuple[AnyPublicKey, ...]
    revocations: Mapping[str, Revocation]

    @property
    def signing(self) -> SigningKey:
        """The key of embedded proofs. Raises KeyFileError if it was revoked, as after an old backup came back."""
        return self._unrevoked(self._signing)

    @property
    def jwt(self) -> JwtKey:
        """The key of VC-JWTs, made when it is first asked for. Raises KeyFileError as `signing` and `load_keys` do."""
        return self._unrevoked(current(JwtKey, self._settings))

    @property
    def public(self) -> tuple[PublicKey, ...]:
        """The Ed25519 keys under which our badges hold, the current one first."""
        return tuple(key for key in self.published if isinstance(key, PublicKey) and key.key_id not in self.revocations)

    @property
    def jwt_public(self) -> tuple[RsaPublicKey, ...]:
        """The RSA keys under which our badges hold, the current one first; none before the first is made."""
        return tuple(
            key for key in self.published if isinstance(key, RsaPublicKey) and key.key_id not in self.revocations
        )

    @property
    def published(self) -> tuple[AnyPublicKey, ...]:
        """Every key that ever signed, the current ones first, the revoked among them."""
        return published(self._settings, self.retired)

    @property
    def revoked(self) -> Mapping[str, datetime]:
        """Key id (`z6Mk…` or thumbprint) → since when nothing that the key signed holds."""
        return {key_id: one.at for key_id, one in self.revocations.items()}

    @property
    def mark(self) -> str:
        """Changes whenever a key does: 64 hexadecimal characters."""
        said = [key.key_id for key in self.published] + ["", *self.revocations]
        return hashlib.sha256("\n".join(said).encode("ascii")).hexdigest()

    def _unrevoked(self, key: K) -> K:
        if key.public.key_id in self.revocations:
            raise KeyFileError(f"The {key.KIND} key that would sign was revoked. Run: fourweek keys rotate")
        return key


def load_keys(settings: Settings) -> KeyRing:
    """The keys of this installation; makes the folder and the first Ed25519 key if there is none.

    Raises KeyFileError for a file or folder that others may read, or for what is not the key it should be.
    """
    signing = current(SigningKey, settings)
    return KeyRing(signing, settings, retired_keys(settings.keys), revocations(settings.keys))


def published(settings: Settings, retired: tuple[AnyPublicKey, ...]) -> tuple[AnyPublicKey, ...]:
    """Every key that ever signed, the current ones first; none is made. Raises KeyFileError."""
    return tuple(dict.fromkeys([*_publics(SigningKey, settings), *_publics(JwtKey, settings), *retired]))


def current(kind: type[K], settings: Settings) -> K:
    """The private key that signs now, made if there is none. Raises KeyFileError."""
    return cast(K, current_of(kind, settings))


def current_of(kind: type[PrivateKey], settings: Settings) -> PrivateKey:
    """`current` for a kind that is only known when the program runs."""
    if given := setting(kind, settings):
        return _from_setting(kind.KIND, given)
    path = settings.keys / kind.FILE
    if not path.exists():
        make_folder(settings.keys)
        keep_once(path, kind.generate().pem())
    return _from_file(kind, path)


def setting(kind: type[PrivateKey], settings: Settings) -> str:
    """The key as the environment gives it, "" when it does not. Line ends may be written as two characters, `\\n`."""
    given: SecretStr = getattr(settings, kind.SETTING)
    return given.get_secret_value().replace("\\n", "\n").strip()


def _publics(kind: type[PrivateKey], settings: Settings) -> list[AnyPublicKey]:
    """The current key, and one in a file that the settings overrule; none is made."""
    found: list[AnyPublicKey] = []
    if given := setting(kind, settings):
        found.append(_from_setting(kind.KIND, given).public)
    path = settings.keys / kind.FILE
    if path.exists():
        found.append(_from_file(kind, path).public)
    return found


def _from_file(kind: type[PrivateKey], path: Path) -> PrivateKey:
    refuse_wider_rights(path.parent)
    refuse_wider_rights(path)
    return _parsed(kind.KIND, path, stamp(path))


@lru_cache(maxsize=32)
def _parsed(kind: str, path: Path, _stamp: Stamp) -> PrivateKey:
    try:
        return KINDS[kind].from_pem(path.read_bytes())
    except ValueError as error:
        raise KeyFileError(f"{path} {error}. Restore the file that was there, from a backup.") from None


@lru_cache(maxsize=8)
def _from_setting(kind: str, given: str) -> PrivateKey:
    try:
        return KINDS[kind].from_pem(given.encode("utf-8"))
    except ValueError as error:
        raise KeyFileError(f"FOURWEEK_{KINDS[kind].SETTING.upper()} {error}. Set it to the whole PEM text.") from None
