"""What is looked at may lie in a bucket as well as in a folder."""

import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fourweek.edge import House
from fourweek.house import open_house
from fourweek.settings import Settings
from fourweek.storage.s3 import Bucket, Patience, S3Store
from tests.assessments.evidence.school import School
from tests.assessments.showing.conftest import PutIn
from tests.assessments.showing.files import pdf, picture
from tests.buckets import bucket, s3_server  # noqa: F401

FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40


@pytest.fixture
def house(settings: Settings, bucket: Bucket, tmp_path: Path) -> Iterator[House]:  # noqa: F811
    """A house whose files lie in a bucket; nothing of them stays on the disk once they are kept."""
    made = open_house(settings)
    yield dataclasses.replace(made, store=S3Store(bucket, tmp_path / "spool", Patience()))
    made.db.close()


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [("shot.png", "image/png", picture()), ("paper.pdf", "application/pdf", pdf("one", "two"))],
)
def test_pictures_and_pages_are_drawn_from_a_bucket(
    school: School, put_in: PutIn, browser: Any, name: str, media_type: str, data: bytes
) -> None:
    file, alice = put_in(name, media_type, data), browser(school.alice)
    assert f'src="/evidence/{file}/picture' in alice.get(f"/evidence/{file}/view").text
    for _ in range(2):
        drawn = alice.get(f"/evidence/{file}/picture")
        assert Image.open(io.BytesIO(drawn.content)).size > (10, 10)


def test_text_in_a_bucket_is_shown_as_text(school: School, put_in: PutIn, browser: Any) -> None:
    file = put_in("notes.txt", "text/plain", b"first <b>\nsecond")
    assert "first &lt;b&gt;" in browser(school.alice).get(f"/evidence/{file}/view").text


def test_film_in_a_bucket_plays_in_ranges(school: School, put_in: PutIn, browser: Any) -> None:
    file, alice = put_in("film.mp4", "video/mp4", FILM), browser(school.alice)
    assert "<video" in alice.get(f"/evidence/{file}/view").text
    part = alice.get(f"/evidence/{file}", headers={"range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, FILM[1000:2000])
