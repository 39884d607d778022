"""The folder of keys as one file that opens with a passphrase: a tar in the age format, which `age -d` opens too."""

import os
from pathlib import Path

from fourweek.backup.errors import NoBackup
from fourweek.backup.tars import files_in, pack
from fourweek.settings import Settings
from fourweek.storage.local import sync_folder

NAME = "keys.tar.age"
_PLAIN = frozenset({"base_url", "backup_passphrase", "store_key"})


def key_files(folder: Path) -> list[Path]:
    """Every file in the folder of keys, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def by_settings(settings: Settings) -> tuple[str, ...]:
    """Which secrets came from settings: they are in no backup and must be given again. Names alone."""
    given = sorted(settings.model_fields_set)
    secret = [name for name in given if name.endswith(("_key", "_secret", "_url", "_passphrase", "_token"))]
    return tuple(f"FOURWEEK_{name.upper()}" for name in secret if name not in _PLAIN and getattr(settings, name))


def seal(folder: Path, passphrase: str) -> bytes:
    """All keys, encrypted. It takes about a second on purpose: guessing a passphrase does too."""
    import pyrage  # noqa: PLC0415 heavy, and only backups of keys need it

    packed = pack({path.relative_to(folder).as_posix(): path for path in key_files(folder)})
    return bytes(pyrage.passphrase.encrypt(packed, passphrase))


def unseal(sealed: bytes, passphrase: str) -> dict[str, tuple[bytes, int]]:
    """Each key's bytes and rights by its path in the folder. Raises NoBackup."""
    import pyrage  # noqa: PLC0415 as above

    try:
        packed = bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError:
        raise NoBackup("The passphrase does not open the keys of this backup.") from None
    return files_in(packed)


def put_keys(folder: Path, keys: dict[str, tuple[bytes, int]]) -> None:
    """Write keys with the rights they had, durably."""
    for name, (data, mode) in keys.items():
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise NoBackup(f"The backup of the keys names {name}, which is no key.")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = target.with_name(f"{target.name}.part")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        aside.chmod(mode)
        aside.rename(target)
        sync_folder(target.parent)
