"""Files to look at: small ones made here, and hostile ones."""

import csv
import io
from collections.abc import Sequence

from PIL import Image

SCRIPT = b"<script>document.title='RAN'</script>"


def pdf(*pages: str, more: bytes = b"") -> bytes:
    """A PDF by hand (ISO 32000), a line of text on each page."""
    objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % more]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages)))
    objects.append(b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)))
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for place, words in enumerate(pages):
        drawn = b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % words.encode("latin-1")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (5 + 2 * place)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    return _assembled(objects)


def _assembled(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def table(rows: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["name", "value"])
    writer.writerows([f"row {number}", f"=HYPERLINK({number})"] for number in range(1, rows + 1))
    return out.getvalue().encode()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "drawing.svg": ("application/octet-stream", b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1"/>'),
    "page.html": ("application/octet-stream", b"<!doctype html>" + SCRIPT),
    "said-to-be.html": ("text/html", b"<!doctype html>" + SCRIPT),
    "said-to-be.svg": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"),
    "notes.txt": ("text/plain", b"<!doctype html>" + SCRIPT + b"</code></td></table>" + SCRIPT),
    "data.json": ("application/json", b'{"a": "</script>' + SCRIPT + b'"}'),
    "rows.csv": ("text/csv", b'a,b\n"</td></table>' + SCRIPT + b'",=1+1\n'),
    "read.md": (
        "text/markdown",
        b"# Title\n\n" + SCRIPT + b"\n\n[x](javascript:document.title=1) ![i](https://far.example/x.png)\n\n"
        b'<img src=x onerror="document.title=1"> <div data-hx-get="/x" hx-get="/x" id="missing">d</div>\n\n'
        b"<svg onload=alert(1)> <https://example.org/a> [rel](/sign-out) [d](data:text/html,x)\n\n```\n"
        + SCRIPT
        + b"\n```\n",
    ),
    "page.png": ("image/png", b"<!doctype html>" + SCRIPT),
    "both.png": ("image/png", picture() + b"<!doctype html>" + SCRIPT),
    "both.jpg": ("image/jpeg", picture("JPEG") + SCRIPT),
    "both.gif": ("image/gif", b"GIF89a=1;document.title='RAN'/*" + SCRIPT),
    "both.pdf": ("application/pdf", b"<!doctype html>" + SCRIPT + pdf("Both")),
    "acts.pdf": ("application/pdf", pdf("Acts", more=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")),
    "broken.pdf": ("application/pdf", b"%PDF-1.7\n" + b"nothing " * 50),
    "film.mp4": ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + SCRIPT),
    "no-film.mp4": ("video/mp4", SCRIPT * 5),
    "sound.mp3": ("audio/mpeg", b"ID3" + SCRIPT),
    '"><img src=x onerror=document.title=1>.txt': ("text/plain", b"The name is hostile."),
    "a\u202egnp.txt": ("text/plain", "turned \u202e round\x00".replace("\x00", "").encode()),
}
