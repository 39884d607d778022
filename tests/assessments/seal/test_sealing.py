"""A sealed file: whole, ours, and broken by any change; its bytes before the seal are the document's own."""

import hashlib
import io
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from assessments.seal.checking import NO_SEAL, check_seal
from assessments.seal.errors import SealUnusable
from assessments.seal.service import Sealed, seal, sealing_key
from fourweek.settings import Settings
from tests.assessments.seal.factories import NOW, from_an_authority, one_document, one_key


@pytest.fixture(scope="module")
def sealed() -> Sealed:
    return seal(one_document(), one_key(), NOW)


def test_sealed_file_is_whole_and_ours(sealed: Sealed) -> None:
    found = check_seal(sealed.data, {one_key().fingerprint})
    assert (found.intact, found.ours, found.fingerprint) == (True, True, one_key().fingerprint)
    assert found.signed_at == NOW
    assert sealed.fingerprint == one_key().fingerprint


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="Poppler is not installed here.")
def test_another_program_comes_to_the_same_answer(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed.data)
    answer = subprocess.run(["pdfsig", "-nocert", tmp_path / "sealed.pdf"], capture_output=True, check=False, text=True)
    for said in ("ETSI.CAdES.detached", "Total document signed", "Signature is Valid", "CN=Harbour Institute"):
        assert said in answer.stdout


def test_document_stands_unchanged_before_its_seal(sealed: Sealed) -> None:
    assert sealed.data.startswith(one_document() + b"\n")
    assert sealed.unsealed_sha256 == hashlib.sha256(one_document()).hexdigest()


def test_seal_is_pades_without_a_time_stamp_and_forbids_every_change(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed.data)
    root: Any = PdfReader(tmp_path / "sealed.pdf").trailer["/Root"]
    (field,) = root["/AcroForm"]["/Fields"]
    said = field.get_object()["/V"]
    assert (said["/SubFilter"], root["/Perms"]["/DocMDP"].get_object()) == ("/ETSI.CAdES.detached", said)
    assert said["/Reference"][0]["/TransformParams"]["/P"] == 1
    assert b"1.2.840.113549.1.9.16.2.14".hex().encode() not in said["/Contents"]


def test_seal_of_somebody_else_is_whole_and_not_ours(sealed: Sealed) -> None:
    found = check_seal(sealed.data, {"0" * 64})
    assert (found.intact, found.ours) == (True, False)


def test_any_change_breaks_the_seal(sealed: Sealed) -> None:
    size, inside = len(sealed.data), len(one_document())
    gap = sealed.data.index(b"0" * 100, inside)
    for place in (*range(50, inside, inside // 25), inside, gap + 50, size - 30, size - 3):
        changed = bytearray(sealed.data)
        changed[place] ^= 1
        assert not check_seal(bytes(changed), {one_key().fingerprint}).intact, place


def test_what_is_added_afterwards_breaks_the_seal(sealed: Sealed) -> None:
    ours = {one_key().fingerprint}
    writer, more = PdfWriter(io.BytesIO(sealed.data), incremental=True), io.BytesIO()
    writer.add_metadata({"/Author": "Somebody else"})
    writer.write(more)
    assert more.getvalue().startswith(sealed.data)
    for data in (sealed.data + b"\n", sealed.data + b"%%EOF", more.getvalue()):
        assert not check_seal(data, ours).ours


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no pdf", b"%PDF-1.7\n" + b"<<[" * 5000, one_document()])
def test_a_file_without_a_seal_has_none_whatever_it_is(data: bytes) -> None:
    assert check_seal(data, {one_key().fingerprint}) == NO_SEAL


def test_certificate_of_an_authority_seals_with_its_chain() -> None:
    key = from_an_authority(NOW)
    found = check_seal(seal(one_document(), key, NOW).data, {key.fingerprint})
    assert (found.ours, found.fingerprint) == (True, key.fingerprint)


def test_a_key_is_published_before_it_seals_and_said_in_words_where_it_cannot(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    key = sealing_key(settings, NOW)
    assert (tmp_path / "keys" / "seal-certificates" / f"{key.fingerprint}.pem").is_file()
    (tmp_path / "keys" / "seal.pem").chmod(0o644)
    with pytest.raises(SealUnusable):
        sealing_key(settings, NOW)


def test_an_authoritys_certificate_that_ended_seals_nothing(tmp_path: Path) -> None:
    ended = from_an_authority(NOW, lasts=timedelta(days=1)).pem().decode("ascii")
    settings = Settings(home=tmp_path, seal_key=ended)
    assert sealing_key(settings, NOW).chain
    with pytest.raises(SealUnusable):
        sealing_key(settings, NOW + timedelta(days=2))


def test_heavy_parts_load_only_when_something_is_sealed() -> None:
    code = "import sys, assessments.seal.service, assessments.seal.checking; print('pyhanko' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
