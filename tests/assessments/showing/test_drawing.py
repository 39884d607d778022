"""The child that draws: it ends when it takes too long or too much, and its copies are kept few."""

import io
import os
import re
import time
from pathlib import Path

import pytest
from PIL import Image

from assessments.showing import limits
from assessments.showing.derived import Derived
from assessments.showing.drawing import Wanted, drawn
from assessments.showing.kinds import Way, way_of
from assessments.showing.markdown import to_html
from fourweek.edge import House
from tests.assessments.photos.pictures import jpeg
from tests.assessments.showing.files import HOSTILE, pdf

SHA = "ab" * 32


@pytest.mark.parametrize(("media_type", "head", "way"), [
    ("image/png", b"\x89PNG\r\n\x1a\n", Way.PICTURE),
    ("image/png", b"<!doctype html>", Way.NONE),
    ("image/svg+xml", b"<svg>", Way.NONE),
    ("text/html", b"<p>", Way.NONE),
    ("application/octet-stream", b"%PDF-1.7", Way.NONE),
    ("application/pdf", b"junk %PDF-1.7", Way.PDF),
    ("text/plain", b"plain", Way.TEXT),
    ("text/plain", b"\xff\xfea\0", Way.TEXT),
    ("text/plain", b"a\0", Way.NONE),
    ("video/mp4", b"\0\0\0\x18ftypmp42", Way.VIDEO),
    ("video/mp4", b"<script>", Way.NONE),
    ("", b"", Way.NONE),
])  # fmt: skip
def test_way_follows_from_type_and_first_bytes_alone(media_type: str, head: bytes, way: Way) -> None:
    assert way_of(media_type, head) is way


@pytest.mark.anyio
async def test_child_that_takes_too_long_is_killed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.01)
    kept = house.store.keep_bytes(pdf("Slow"))
    derived = Derived(house.settings.home)
    began = time.monotonic()
    assert await drawn(derived, house.store, Wanted(kept.sha256, Way.PDF)) is None
    assert time.monotonic() - began < 5
    assert list(derived.root.glob("rooms/*")) == []


@pytest.mark.anyio
async def test_picture_of_too_many_pixels_is_not_unpacked(house: House) -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    kept = house.store.keep_bytes(out.getvalue())
    assert kept.size < 1024 * 1024
    assert await drawn(Derived(house.settings.home), house.store, Wanted(kept.sha256, Way.PICTURE)) is None


@pytest.mark.anyio
async def test_copy_on_disk_has_its_own_digest_and_is_drawn_again_when_it_is_gone(house: House) -> None:
    kept, derived = house.store.keep_bytes(jpeg()), Derived(house.settings.home)
    wanted = Wanted(kept.sha256, Way.PICTURE)
    first = await drawn(derived, house.store, wanted)
    assert first is not None
    assert first.copy.sha256 != kept.sha256
    first.copy.path.unlink()
    second = await drawn(derived, house.store, wanted)
    assert second is not None
    assert second.copy.sha256 == first.copy.sha256


def test_copies_nobody_asked_for_go_first_and_the_rest_stays_below_its_limit(tmp_path: Path) -> None:
    derived = Derived(tmp_path)
    for number in range(4):
        copy = derived.keep(SHA, f"pdf-{number}", bytes([number]) * 100, "png")
        os.utime(copy.path, (1000.0 + number, 1000.0 + number))
    assert derived.trim(1000, before=1001.0) == 1
    assert derived.find(SHA, "pdf-0") is None
    assert derived.trim(200, before=0.0) == 1
    assert [bool(derived.find(SHA, f"pdf-{number}")) for number in range(4)] == [False, False, True, True]
    assert derived.trim(0, before=0.0) == 2
    assert list(derived.root.glob("??/*")) == []


def test_markdown_keeps_no_class_no_id_and_no_address_that_runs() -> None:
    html = to_html(HOSTILE["read.md"][1].decode())
    tags = re.findall(r"<[a-z][^>]*>", html)
    assert {re.sub(r"[<>]| .*", "", tag) for tag in tags} == {"h2", "p", "a", "pre", "code"}
    assert {name for tag in tags for name in re.findall(r' ([a-z-]+)="', tag)} == {"href", "rel", "tabindex"}
    assert re.findall(r'href="([^"]*)"', html) == ["https://example.org/a"]
    assert 'rel="noopener noreferrer nofollow ugc"' in html
