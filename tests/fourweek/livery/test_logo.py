"""A logo is an SVG or a PNG that only draws; anything else is refused in one sentence."""

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from fourweek.livery.logo import MOST_BYTES, Logo, read_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">{}</svg>'


def read(folder: Path, data: bytes) -> Logo:
    path = folder / "logo"
    path.write_bytes(data)
    return read_logo(path)


def png(width: int, height: int) -> bytes:
    buffer, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somebody")
    Image.new("RGBA", (width, height), "#7a0019").save(buffer, "PNG", pnginfo=notes)
    return buffer.getvalue()


def test_an_svg_is_taken_as_it_is_and_fits_the_head(tmp_path: Path) -> None:
    data = SVG.format("<path d='M0 0h9v9z'/>").encode()
    found = read(tmp_path, data)
    assert (found.data, found.media_type) == (data, "image/svg+xml")
    assert (found.width, found.height, found.says_the_name) == (144, 36, True)


def test_a_wide_logo_is_as_wide_as_the_head_allows(tmp_path: Path) -> None:
    found = read(tmp_path, b'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="100"/>')
    assert (found.width, found.height) == (200, 20)


def test_of_a_png_the_picture_alone_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, png(300, 300))
    assert (found.width, found.height, found.says_the_name, found.media_type) == (36, 36, False, "image/png")
    assert b"Somebody" not in found.data
    assert Image.open(io.BytesIO(found.data)).getpixel((9, 9)) == (0x7A, 0, 0x19, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SVG.format("<script>1</script>").encode(), r"holds a script"),
        (SVG.format("<image href='https://a.example/b.png'/>").encode(), r"outside itself"),
        (SVG.format("<g onload='x()'/>").encode(), r"event handler"),
        (b"<svg", r"not well-formed"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', r"says no size"),
        (b"GIF89a", r"neither an SVG nor a PNG"),
        (b"", r"neither an SVG nor a PNG"),
        (png(9, 9)[:-20], r"cannot be read as a PNG"),
        (png(9, 9).replace(b"IDAT", b"IDAX"), r"cannot be read as a PNG"),
        (png(4001, 1), r"4001 by 1 pixels"),
        (b" " * (MOST_BYTES + 1), r"larger than 256 KB"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_in_words(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(tmp_path, data)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_logo(tmp_path / "none.svg")
