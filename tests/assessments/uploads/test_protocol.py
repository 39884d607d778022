"""The headers of the protocol, as values."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from assessments.uploads.protocol import checksum, instant, metadata, whole
from fourweek.errors import Refused


def test_metadata_is_read_by_name() -> None:
    header = {"upload-metadata": "filename cmVwb3J0LnBkZg==, empty,keep_place MQ=="}
    assert metadata(header) == {"filename": "report.pdf", "empty": "", "keep_place": "1"}
    assert metadata({}) == {}


@pytest.mark.parametrize("given", ["filename !", "a MQ==,a MQ==", "\u00e9 MQ==", "a b c"])
def test_metadata_that_breaks_the_rules_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        metadata({"upload-metadata": given})


def test_metadata_in_no_encoding_is_read_as_well_as_it_can_be() -> None:
    assert metadata({"upload-metadata": "filename " + base64.b64encode(b"\xff.pdf").decode()}) == {
        "filename": "\ufffd.pdf"
    }


@pytest.mark.parametrize("given", ["", "-1", "1.0", "1e3", "\u0661", "9" * 19, " 1", "0x1"])
def test_what_is_no_number_of_bytes_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        whole({"upload-length": given}, "upload-length")


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_checksum_knows_its_piece(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"piece").digest()
    given = checksum({"upload-checksum": f"{algorithm} {base64.b64encode(digest).decode()}"})
    assert given is not None
    for data, fits in ((b"piece", True), (b"other", False)):
        made = given.begin()
        made.update(data)
        assert given.fits(made) is fits


@pytest.mark.parametrize("given", ["md5 MQ==", "sha256 !", "sha256\u00e9", ""])
def test_checksum_that_cannot_be_checked_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        checksum({"upload-checksum": given})


def test_instants_are_written_as_http_does() -> None:
    assert instant(datetime(2026, 11, 2, 9, 5, tzinfo=UTC)) == "Mon, 02 Nov 2026 09:05:00 GMT"
