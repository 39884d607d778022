"""Where the seal comes from: made once, owner-only, or given; every certificate stays published."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assessments.badges.keys import KeyFileError, new_signing_key
from assessments.badges.keys.turning import UnknownKeyError
from assessments.seal.certificates import LASTS, SealKey, in_groups
from assessments.seal.keys import current_seal, published, published_pem, revoke, rotate, seals_now, warning
from assessments.seal.shown import seal_rows
from fourweek.settings import Settings
from tests.assessments.seal.factories import NOW, from_an_authority, one_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, institution="Harbour Institute of Technology " * 3)


def test_first_use_makes_an_owner_only_key_named_after_the_institution(settings: Settings) -> None:
    assert seals_now(settings) is None
    key = current_seal(settings, NOW)
    assert current_seal(settings, NOW).fingerprint == key.fingerprint
    assert stat.S_IMODE((settings.keys / "seal.pem").stat().st_mode) == 0o600
    (name,) = key.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == settings.institution[:64]
    assert isinstance(key.private.public_key(), ec.EllipticCurvePublicKey)
    assert key.self_made
    assert "PRIVATE" not in repr(key) + key.public_pem().decode()


def test_many_at_once_make_one_key(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: current_seal(settings, NOW).fingerprint, range(8)))
    assert len(found) == 1


def test_certificate_is_published_before_it_seals_and_stays(settings: Settings) -> None:
    first = current_seal(settings, NOW)
    second = rotate(settings, NOW + timedelta(hours=1))
    assert current_seal(settings, NOW).fingerprint == second.fingerprint != first.fingerprint
    assert set(published(settings)) == {first.fingerprint, second.fingerprint}
    assert published_pem(settings, first.fingerprint) == first.public_pem()
    assert published_pem(settings, "../seal") is None
    assert published_pem(settings, "0" * 64) is None
    newest, older = seal_rows(settings)
    assert (newest.fingerprint, older.fingerprint) == (second.fingerprint, first.fingerprint)
    assert newest.words.startswith("Seals now; valid until Sunday 23 November 2036")
    assert older.words.startswith("Sealed before; ")


def test_our_own_certificate_is_followed_by_another_when_it_has_ended(settings: Settings) -> None:
    first = current_seal(settings, NOW)
    assert warning(first, NOW) == ""
    assert "keys rotate --kind seal" in warning(first, NOW + LASTS - timedelta(days=59))
    assert current_seal(settings, NOW - timedelta(days=1)).fingerprint == first.fingerprint  # a clock was set back
    later = current_seal(settings, NOW + LASTS + timedelta(days=1))
    assert later.fingerprint != first.fingerprint
    assert set(published(settings)) == {first.fingerprint, later.fingerprint}


def test_a_revoked_certificate_seals_nothing_and_stays_published(settings: Settings) -> None:
    first = current_seal(settings, NOW)
    assert revoke(settings, first.fingerprint, "A stolen disk.", NOW).why == "A stolen disk."
    assert revoke(settings, first.fingerprint, "Again.", NOW).why == "A stolen disk."
    second = current_seal(settings, NOW)
    assert second.fingerprint != first.fingerprint
    assert set(published(settings)) == {first.fingerprint, second.fingerprint}
    assert seal_rows(settings)[1].words.startswith("Revoked on Sunday 22 November 2026: A stolen disk.")
    with pytest.raises(UnknownKeyError):
        revoke(settings, "0" * 64, "None of ours.", NOW)


def test_a_given_seal_that_was_revoked_is_refused(settings: Settings) -> None:
    given = from_an_authority(NOW)
    told = settings.model_copy(update={"seal_key": type(settings.seal_key)(given.pem().decode())})
    current_seal(told, NOW)
    revoke(told, given.fingerprint, "A stolen disk.", NOW)
    with pytest.raises(KeyFileError, match="was revoked"):
        current_seal(told, NOW)


def test_given_seal_wins_over_the_file_and_is_not_changed_by_us(settings: Settings) -> None:
    current_seal(settings, NOW)
    given = from_an_authority(NOW)
    told = settings.model_copy(update={"seal_key": type(settings.seal_key)(given.pem().decode().replace("\n", "\\n"))})
    key = current_seal(told, NOW)
    assert (key.fingerprint, key.chain, key.self_made) == (given.fingerprint, given.chain, False)
    assert len(published(told)) == 2
    with pytest.raises(KeyFileError, match="FOURWEEK_SEAL_KEY"):
        rotate(told, NOW)


def test_file_that_others_may_use_is_refused(settings: Settings) -> None:
    current_seal(settings, NOW)
    (settings.keys / "seal.pem").chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        current_seal(settings, NOW)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        one_key().public_pem(),
        one_key().pem().partition(b"-----BEGIN CERT")[0],
        new_signing_key().pem() + one_key().public_pem(),
        SealKey.make("Another", NOW).pem().partition(b"-----BEGIN CERT")[0] + one_key().public_pem(),
    ],
)
def test_file_that_is_no_seal_is_refused_without_showing_it(settings: Settings, data: bytes) -> None:
    settings.keys.mkdir(mode=0o700)
    (settings.keys / "seal.pem").write_bytes(data)
    (settings.keys / "seal.pem").chmod(0o600)
    with pytest.raises(KeyFileError, match=r"seal\.pem") as caught:
        current_seal(settings, NOW)
    assert "PRIVATE" not in str(caught.value)


def test_fingerprint_is_shown_in_groups_of_four() -> None:
    assert in_groups("0aff12") == "0AFF"
    assert len(in_groups(one_key().fingerprint).split()) == 16
