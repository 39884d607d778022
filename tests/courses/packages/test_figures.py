import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from courses.packages.figures import read_figure
from fourweek.svg import read_svg

UNREADABLE = ("The picture cannot be read; it must be a whole PNG, JPEG, GIF, WebP or SVG.",)


def picture(kind: str, size: tuple[int, int] = (30, 20), orientation: int = 1) -> bytes:
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, "navy").save(target, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return target.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_size_is_read_from_the_content(kind: str) -> None:
    figure = read_figure("named.png", picture(kind))
    assert (figure.size, figure.faults, figure.notes) == ((30, 20), (), ())


def test_a_photograph_that_lies_on_its_side_is_measured_upright() -> None:
    assert read_figure("a.jpg", picture("JPEG", orientation=6)).size == (20, 30)


@pytest.mark.parametrize("data", [b"", b"x", b"\x89PNG\r\n\x1a\n", picture("BMP")])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    figure = read_figure("a.png", data)
    assert (figure.size, figure.faults) == (None, UNREADABLE)


def test_a_picture_of_endless_pixels_is_refused() -> None:
    data = bytearray(picture("PNG"))
    data[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    assert read_figure("a.png", bytes(data)).faults != ()


def test_a_heavy_picture_is_only_noted() -> None:
    figure = read_figure("a.png", picture("PNG") + bytes(3 * 2**20))
    assert (figure.faults, figure.notes) == ((), ("The picture is 3.0 MB; someone on a phone waits for it.",))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640" height="480"', (640, 480)),
        ('width="640px" height="480.6px"', (640, 481)),
        ('width="100%" height="100%" viewBox="0 0 30 40"', (30, 40)),
        ('viewBox="-5,-5 300.4,200"', (300, 200)),
        ('width="10cm" height="5cm"', None),
        ('width="0" height="5"', None),
    ],
)
def test_svg_size(attributes: str, size: tuple[int, int] | None) -> None:
    assert read_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()) == (size, [])


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        ("<script>1</script>", "script"),
        ('<rect onclick="x()"/>', "event handler (onclick)"),
        ("<foreignObject/>", "foreignObject"),
        ('<image href="https://example.org/a.png"/>', "outside itself"),
        ('<image xlink:href="//example.org/a.png"/>', "outside itself"),
        ('<a xlink:href="javascript:alert(1)"><rect/></a>', "outside itself"),
        ('<use href="other.svg#a"/>', "outside itself"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "outside itself"),
        ('<set attributeName="xlink:href" to="https://example.org"/>', "animates a link"),
        ('<rect style="fill:url(https://example.org/x)"/>', "outside itself"),
        ("<rect fill=\"url( 'x.svg#a' )\"/>", "outside itself"),
        ("<style>@import 'x.css';</style>", "style sheet"),
        ("<style>rect { fill: u\\72l(x) }</style>", "style sheet"),
        ("<style>a<![CDATA[ {b:url(http://x)} ]]></style>", "style sheet"),
        ("<iframe/>", "frame"),
    ],
)
def test_svg_that_acts_or_reaches_out_is_refused(inside: str, word: str) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    _, faults = read_svg(f"{head}{inside}</svg>".encode())
    assert len(faults) == 1
    assert word in faults[0]


@pytest.mark.parametrize(
    "inside",
    [
        '<use href="#a"/><rect fill="url( #b )"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>.a{clip-path:url(#b)}</style>",
        '<metadata><rdf:x xmlns:rdf="urn:x" rdf:resource="http://example.org"/></metadata>',
    ],
)
def test_svg_that_only_draws_is_taken(inside: str) -> None:
    assert read_svg(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode())[1] == []


def test_svg_with_entities_or_a_style_sheet_beside_it_is_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    assert read_svg(bomb)[1] != []
    assert read_svg(b'<?xml-stylesheet href="x.css"?><svg xmlns="http://www.w3.org/2000/svg"/>')[1] != []
    public = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>'
    assert read_svg(public)[1] == []


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    for head in (b"", b"<svg>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"):
        read_figure("a.svg", head + data)
        read_figure("a.png", head + data)


def test_svg_without_a_size_is_taken_and_the_author_told() -> None:
    bare, sized = (f'<svg xmlns="http://www.w3.org/2000/svg"{more}/>'.encode() for more in ("", ' viewBox="0 0 3 2"'))
    assert [read_figure("a.svg", data).notes for data in (sized, bare)] == [
        (),
        ("The drawing says no size, so the page moves when it comes; its svg element needs a viewBox.",),
    ]
