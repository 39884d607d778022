"""Rotation and revocation of the keys that lie in files, and keys from the environment."""

import logging
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from assessments.badges.keys import JwtKey, KeyFileError, SigningKey, load_keys
from assessments.badges.keys.published import public_pem
from assessments.badges.keys.turning import UnknownKeyError, revoke, rotate, signing_now
from fourweek.settings import Settings
from tests.keys import put_jwt_key, shared_jwt_key, shared_signing_key

AT = datetime(2027, 5, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put_jwt_key(tmp_path)
    return Settings(home=tmp_path)


def from_environment(home: Path) -> Settings:
    pems = (shared_signing_key().pem().decode(), shared_jwt_key().pem().decode().replace("\n", "\\n"))
    return Settings(home=home, badge_key=SecretStr(pems[0]), badge_jwt_key=SecretStr(pems[1]))


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_rsa_key_is_made_once_when_it_is_first_asked_for(tmp_path: Path) -> None:
    ring = load_keys(Settings(home=tmp_path))
    assert list(ring.jwt_public) == []
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [SigningKey.FILE]
    made = ring.jwt.public
    assert ring.jwt.public == made
    assert ring.jwt_public == (made,)
    assert made.n.bit_length() == 3072
    assert stat.S_IMODE((tmp_path / "keys" / JwtKey.FILE).stat().st_mode) == 0o600
    assert made.verifies(b"badge", ring.jwt.sign(b"badge"))
    assert not made.verifies(b"budge", ring.jwt.sign(b"badge"))


def test_rotation_of_ed25519_keeps_the_old_key_and_leaves_rsa_alone(settings: Settings) -> None:
    before = load_keys(settings)
    new = rotate(settings, SigningKey)
    after = load_keys(settings)
    assert after.signing.public == new.public != before.signing.public
    assert after.public == (new.public, before.signing.public)
    assert after.jwt_public == before.jwt_public
    assert after.mark != before.mark


def test_rotation_of_rsa_keeps_the_old_key(settings: Settings) -> None:
    before = load_keys(settings).jwt.public
    new = rotate(settings, JwtKey)
    assert load_keys(settings).jwt.public == new.public != before
    assert load_keys(settings).jwt_public == (new.public, before)


def test_interrupted_rotation_loses_no_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    before = load_keys(settings).signing.public
    monkeypatch.setattr("assessments.badges.keys.turning.replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        rotate(settings, SigningKey)
    monkeypatch.undo()
    assert load_keys(settings).signing.public == before
    assert rotate(settings, SigningKey).public == load_keys(settings).signing.public
    assert before in load_keys(settings).public


@pytest.mark.parametrize("kind", [SigningKey, JwtKey])
def test_current_key_that_is_revoked_is_replaced_and_holds_no_more(
    settings: Settings, kind: type[SigningKey] | type[JwtKey]
) -> None:
    key_id = {**signing_now(settings), SigningKey.KIND: load_keys(settings).signing.public.key_id}[kind.KIND]
    revoked = revoke(settings, key_id, "The laptop was stolen.", AT)
    ring = load_keys(settings)
    assert (revoked.key_id, revoked.at, revoked.why) == (key_id, AT, "The laptop was stolen.")
    assert ring.revoked == {key_id: AT}
    assert key_id not in [*(key.key_id for key in ring.public), *(key.key_id for key in ring.jwt_public)]
    assert key_id in {key.key_id for key in ring.published}
    assert key_id not in {ring.signing.public.key_id, ring.jwt.public.key_id}


def test_what_was_revoked_first_stays_as_it_was_noted(settings: Settings) -> None:
    key_id = load_keys(settings).signing.public.key_id
    first = revoke(settings, key_id, "Stolen.", AT)
    signing = load_keys(settings).signing.public
    assert revoke(settings, key_id, "Again.", datetime(2028, 1, 1, tzinfo=UTC)) == first
    assert load_keys(settings).signing.public == signing


def test_key_of_nobody_cannot_be_revoked(settings: Settings) -> None:
    with pytest.raises(UnknownKeyError):
        revoke(settings, "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "why", AT)
    assert load_keys(settings).revoked == {}


def test_revoked_key_that_a_backup_brought_back_signs_nothing(settings: Settings) -> None:
    path = settings.keys / SigningKey.FILE
    old = load_keys(settings).signing
    revoke(settings, old.public.key_id, "Stolen.", AT)
    path.write_bytes(old.pem())
    ring = load_keys(settings)
    with pytest.raises(KeyFileError, match="fourweek keys rotate"):
        ring.signing  # noqa: B018 it raises
    rotate(settings, SigningKey)
    assert load_keys(settings).signing.public.key_id not in ring.revoked


def test_damaged_revocation_is_named_and_not_passed_over(settings: Settings) -> None:
    key_id = load_keys(settings).signing.public.key_id
    revoke(settings, key_id, "Stolen.", AT)
    (settings.keys / "badges-revoked" / f"{key_id}.json").write_text("{}")
    with pytest.raises(KeyFileError, match=key_id):
        load_keys(settings)


def test_environment_wins_and_nothing_is_written(tmp_path: Path) -> None:
    ring = load_keys(from_environment(tmp_path / "home"))
    assert (ring.signing.public, ring.jwt.public) == (shared_signing_key().public, shared_jwt_key().public)
    assert ring.published == (shared_signing_key().public, shared_jwt_key().public)
    assert list(tmp_path.iterdir()) == []


def test_key_that_the_environment_overrules_stays_published(settings: Settings) -> None:
    in_file = load_keys(settings).signing.public
    ring = load_keys(from_environment(settings.home))
    assert ring.signing.public == shared_signing_key().public
    assert in_file in ring.public


@pytest.mark.parametrize("kind", [SigningKey, JwtKey])
def test_key_of_the_environment_is_not_rotated_but_told_how(
    tmp_path: Path, kind: type[SigningKey] | type[JwtKey]
) -> None:
    settings = from_environment(tmp_path / "home")
    with pytest.raises(KeyFileError, match="openssl genpkey") as caught:
        rotate(settings, kind)
    said = str(caught.value)
    public = shared_signing_key().public if kind is SigningKey else shared_jwt_key().public
    assert public_pem(public).decode() in said
    assert "PRIVATE" not in said
    with pytest.raises(KeyFileError, match="openssl genpkey"):
        revoke(settings, public.key_id, "Stolen.", AT)
    assert list(tmp_path.iterdir()) == []


def test_key_given_wrongly_is_named_and_not_shown(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, badge_key=SecretStr(shared_jwt_key().pem().decode()))
    with pytest.raises(KeyFileError, match="FOURWEEK_BADGE_KEY is not an Ed25519 key") as caught:
        load_keys(settings)
    assert "PRIVATE" not in str(caught.value)


@pytest.mark.parametrize("make", [lambda home: Settings(home=home), from_environment])
def test_private_keys_show_nowhere(
    tmp_path: Path, make: Callable[[Path], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    put_jwt_key(tmp_path)
    settings = make(tmp_path)
    caplog.set_level(logging.DEBUG)
    ring = load_keys(settings)
    secrets = [ring.signing.pem(), ring.jwt.pem()]
    words = [line for pem in secrets for line in pem.decode().splitlines() if not line.startswith("--")]
    said = f"{ring!r} {ring.signing!r} {ring.jwt!r} {settings!r} {settings.model_dump()!r} {caplog.text}"
    assert [word for word in words if word in said] == []
    for kind in (SigningKey, JwtKey) if not settings.badge_key.get_secret_value() else ():
        rotate(settings, kind)
    public = everything_under(settings.keys / "badges-retired") + everything_under(settings.keys / "badges-revoked")
    assert b"PRIVATE" not in public


def test_rotations_at_once_lose_no_key(settings: Settings) -> None:
    first = load_keys(settings).signing.public
    with ThreadPoolExecutor(8) as pool:
        made = [key.public for key in pool.map(lambda _: rotate(settings, SigningKey), range(8))]
    ring = load_keys(settings)
    assert ring.signing.public in made
    assert {key.key_id for key in ring.public} == {key.key_id for key in (first, *made)}
    assert list(settings.keys.rglob(".*")) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root writes files of others")
def test_what_root_writes_belongs_to_whom_the_folder_does(settings: Settings) -> None:
    os.chown(settings.keys, 4321, 4321)
    rotate(settings, SigningKey)
    written = [settings.keys / SigningKey.FILE, *(settings.keys / "badges-retired").rglob("*")]
    assert {path.stat().st_uid for path in written} == {4321}
    assert (settings.keys / "badges-retired").stat().st_uid == 4321
