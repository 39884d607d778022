import multiprocessing
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from assessments.badges.keys import SIGNING_FILE, KeyFileError, KeyRing, files
from assessments.badges.keys import load_keys as load_keys_of
from fourweek.settings import Settings


def load_keys(folder: Path) -> KeyRing:
    """The keys of a home whose `keys` this folder is."""
    return load_keys_of(Settings(home=folder.parent))


def _pem(private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return private.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)


def test_first_load_makes_an_owner_only_key_and_later_ones_keep_it(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "keys"
    first, second = load_keys(folder), load_keys(folder)
    assert first.public == second.public
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / SIGNING_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [SIGNING_FILE]


def test_key_is_parsed_once_and_again_when_the_file_changes(tmp_path: Path) -> None:
    first = load_keys(tmp_path / "keys")
    assert load_keys(tmp_path / "keys").signing is first.signing
    _write(tmp_path / "keys" / SIGNING_FILE, _pem(ed25519.Ed25519PrivateKey.generate()))
    assert load_keys(tmp_path / "keys").signing.public != first.signing.public


def test_signature_holds_under_the_public_key(tmp_path: Path) -> None:
    key = load_keys(tmp_path / "keys").signing
    ed25519.Ed25519PublicKey.from_public_bytes(key.public.raw).verify(key.sign(b"badge"), b"badge")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_key_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    load_keys(tmp_path / "keys")
    (tmp_path / "keys" / SIGNING_FILE).chmod(mode)
    with pytest.raises(KeyFileError, match=f"mode {mode:o}.*chmod 600"):
        load_keys(tmp_path / "keys")


def test_folder_that_others_may_use_is_refused_before_a_key_is_made(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys").chmod(0o750)
    with pytest.raises(KeyFileError, match="chmod 700"):
        load_keys(tmp_path / "keys")
    assert list((tmp_path / "keys").iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"not a key", _pem(ec.generate_private_key(ec.SECP256R1()))])
def test_file_that_is_no_key_of_ours_is_refused_without_showing_it(tmp_path: Path, data: bytes) -> None:
    _write(tmp_path / "keys" / SIGNING_FILE, data)
    with pytest.raises(KeyFileError, match=SIGNING_FILE) as caught:
        load_keys(tmp_path / "keys")
    assert "PRIVATE" not in str(caught.value)


def test_retired_keys_stay_public_after_the_current_one(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    old = ed25519.Ed25519PrivateKey.generate().public_key()
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    current = load_keys(folder).signing.public
    _write(folder / "badges-retired" / "2026.pem", old.public_bytes(serialization.Encoding.PEM, kind), 0o644)
    assert [key.raw for key in load_keys(folder).public] == [current.raw, old.public_bytes_raw()]


def test_damaged_retired_key_is_named(tmp_path: Path) -> None:
    load_keys(tmp_path / "keys")
    _write(tmp_path / "keys" / "badges-retired" / "2026.pem", b"rubbish", 0o644)
    with pytest.raises(KeyFileError, match=r"2026\.pem"):
        load_keys(tmp_path / "keys")


def test_private_key_shows_in_no_repr(tmp_path: Path) -> None:
    ring = load_keys(tmp_path / "keys")
    assert "rivate" not in repr(ring)


def test_failed_creation_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bool:
        raise OSError("no space left")

    monkeypatch.setattr(files, "_link_if_absent", full)
    with pytest.raises(OSError, match="no space"):
        load_keys(tmp_path / "keys")
    assert list((tmp_path / "keys").iterdir()) == []


def _load_in_process(folder: str) -> bytes:
    return load_keys(Path(folder)).signing.public.raw


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(_load_in_process, [str(tmp_path / "keys")] * 8, chunksize=1)
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [SIGNING_FILE]
