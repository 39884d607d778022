"""Keys are a tar in the age format: others open what we write, and we open what others write."""

import io
import stat
import tarfile
from pathlib import Path

import pytest

from fourweek.backup.errors import NoBackup
from fourweek.backup.sealed_keys import by_settings, put_keys, seal, unseal
from fourweek.settings import Settings
from tests.fourweek.backup import age
from tests.fourweek.backup.places import KEY

PASSPHRASE = "six random words – or ünicode"


def _tar(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in files.items():
            one = tarfile.TarInfo(name)
            one.size, one.mode = len(data), 0o600
            tar.addfile(one, io.BytesIO(data))
    return packed.getvalue()


def test_keys_come_back_with_their_rights(tmp_path: Path) -> None:
    sealed = age.encrypt(_tar(**{"retired/a.pem": b"public", "seal.pem": KEY}), PASSPHRASE)
    with pytest.raises(NoBackup, match="The passphrase does not open"):
        unseal(sealed, "another one")
    put_keys(tmp_path / "keys", unseal(sealed, PASSPHRASE))
    found = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*.pem")}
    assert {name: path.read_bytes() for name, path in found.items()} == {
        "keys/retired/a.pem": b"public",
        "keys/seal.pem": KEY,
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values()} == {0o600}


@pytest.mark.parametrize("name", ["../outside.pem", "/tmp/outside.pem"])  # noqa: S108
def test_a_key_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoBackup, match="which is no key"):
        put_keys(tmp_path / "keys", {name: (b"anything", 0o600)})
    assert list(tmp_path.iterdir()) == []


def test_secrets_of_settings_are_named_without_their_values() -> None:
    settings = Settings(badge_key="PEM", database_url="sqlite:///a", base_url="https://a.example", institution="A")
    assert by_settings(settings) == ("FOURWEEK_BADGE_KEY", "FOURWEEK_DATABASE_URL")


@pytest.mark.slow
def test_others_open_what_we_seal(tmp_path: Path) -> None:
    (tmp_path / "seal.pem").write_bytes(KEY)
    (tmp_path / "large").write_bytes(bytes(200_000))  # several chunks
    sealed = seal(tmp_path, PASSPHRASE)
    assert KEY not in sealed
    with tarfile.open(fileobj=io.BytesIO(age.decrypt(sealed, PASSPHRASE))) as tar:
        assert tar.getnames() == ["large", "seal.pem"]
        inside = tar.extractfile("seal.pem")
        assert inside is not None
        assert inside.read() == KEY
    assert unseal(sealed, PASSPHRASE)["seal.pem"][0] == KEY
