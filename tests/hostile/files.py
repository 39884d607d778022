"""Files that somebody means harm with, made here: each a name and its bytes."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from tests.hostile.payloads import CALL, MARK

HTML = f"<!DOCTYPE html><script>{CALL}</script>".encode()
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{CALL}"><script>{CALL}</script></svg>'.encode()
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">{}]>'.format(
    "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R{}>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
PDF_END = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EICAR = "".join(reversed("*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X")).encode()
ENDINGS = (".pdf", ".txt", ".png", ".zip", ".csv", ".md", ".jpg", ".json", ".svg")
"""What fields ask for: every file is sent under one of these names too."""

File = tuple[str, bytes]


@cache
def corpus() -> tuple[File, ...]:
    makers = (_polyglots, _archives, _xml, _pictures, _pdfs, _broken, _tables, _credentials, hostile_names)
    return tuple(file for maker in makers for file in maker())


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def _polyglots() -> Iterator[File]:
    yield "page.html", HTML
    yield "page.png", HTML
    yield "gif.html", b"GIF89a/*" + HTML + b"*/=1;"
    yield "pdf-and-page.pdf", b"%PDF-1.7\n" + HTML
    yield "png-and-page.png", _png(1, 1) + HTML
    yield "jpeg-and-page.jpg", b"\xff\xd8\xff\xe0" + HTML + b"\xff\xd9"
    yield "zip-and-page.zip", HTML + zipped({"a": b"a"})
    yield "zip-and-pdf.pdf", _pdf("") + zipped({"course.toml": b"format = 1"})
    yield "script.js", CALL.encode()
    yield "utf7.txt", b"+ADw-script+AD4-" + CALL.encode() + b"+ADw-/script+AD4-"
    yield "utf16.txt", b"\xff\xfe" + HTML.decode().encode("utf-16-le")
    yield "program.exe", b"MZ\x90\0" + b"\0" * 500
    yield "program.txt", b"\x7fELF\2\1\1" + b"\0" * 500
    yield "eicar.txt", EICAR
    yield "eicar.zip", zipped({"eicar.com": EICAR})


def _archives() -> Iterator[File]:
    yield "bomb.zip", zipped({"course.toml": b"\0" * 50_000_000})
    inner = zipped({f"{number}": b"\0" * 1_000_000 for number in range(10)})
    yield "nested.zip", zipped({f"{number}.zip": inner for number in range(50)})
    for number, name in enumerate(("../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "C:\\evil.txt", "a/../../evil")):
        yield f"slip{number}.zip", zipped({"course.toml": b"format = 1", name: b"x"})
    yield "many.zip", zipped({f"f{number}": b"" for number in range(100_000)}, zipfile.ZIP_STORED)
    link = zipfile.ZipInfo("course.toml")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield "link.zip", out.getvalue()
    yield "twice.zip", zipped({"course.toml": b"a"}) + zipped({"course.toml": b"b"})
    whole = bytearray(zipped({"course.toml": b"format = 1"}))
    yield "cut.zip", bytes(whole[:-10])
    struct.pack_into("<I", whole, 22, 0xFFFFFFFF)
    yield "lies.zip", bytes(whole)
    yield "empty.zip", zipped({})
    yield "deep.zip", zipped({"a/" * 2000 + "course.toml": b""})
    yield "names.zip", zipped({"course.toml": b"", "\u202etxt.exe": b"", "a\r\nb": b"", "CON": b"", "x" * 3000: b""})
    manifest = f'format = 1\nsource = "/etc"\n[course]\ncode = "../x"\ntitle = "<script>{CALL}</script>"\n'.encode()
    yield "hostile-course.zip", zipped({"course.toml": manifest})
    yield "deep-toml.zip", zipped({"course.toml": b"a = " + b"[" * 50_000})
    yield "yaml.zip", zipped({"course.toml": b"format = 1", "a.md": b"---\na: &a [*a, *a]\nb: !!python/object x\n---"})
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../evil"))
    yield "slip.tar.gz", out.getvalue()


def _xml() -> Iterator[File]:
    yield "script.svg", SVG
    yield "entity.svg", f'{ENTITY}<svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>'.encode()
    yield "laughs.svg", f'{LAUGHS}<svg xmlns="http://www.w3.org/2000/svg"><text>&i;</text></svg>'.encode()
    yield "far.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/></svg>'
    yield "deep.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 20_000
    yield "huge.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'
    yield "disguised.png", SVG
    for name, part in (("entity.docx", "word/document.xml"), ("entity.xlsx", "xl/workbook.xml")):
        yield name, zipped({"[Content_Types].xml": b"<Types/>", part: f"{ENTITY}<x>&e;</x>".encode()})
    yield (
        "laughs.docx",
        zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": f"{LAUGHS}<x>&i;</x>".encode()}),
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(chunks)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + _chunk(b"IEND", b"")
    )


def _pictures() -> Iterator[File]:
    yield "flood.png", _png(60_000, 60_000)
    yield "flood-of-all.png", _png(2**31 - 1, 2**31 - 1)
    yield "nothing.png", _png(0, 0)
    bomb = zlib.compress(b"\0" * 60_000_000, 9)
    yield "text-bomb.png", _png(1, 1, _chunk(b"zTXt", b"a\0\0" + bomb), _chunk(b"iTXt", b"openbadges\0\1\0\0\0" + bomb))
    yield "profile-bomb.png", _png(1, 1, _chunk(b"iCCP", b"a\0\0" + bomb))
    yield "cut.png", _png(9, 9)[:40]
    yield "wrong-length.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"IHDR"
    yield "baked.png", _png(1, 1, _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + b'{"a":' * 30_000))
    yield "flood.gif", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;"
    yield "flood.webp", b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6
    tags = [(256, 4, 1, 2**31 - 1), (257, 4, 1, 2**31 - 1), (273, 4, 1, 8), (279, 4, 1, 2**31 - 1)]
    yield (
        "flood.tiff",
        b"II*\0\x08\0\0\0" + struct.pack("<H", 4) + b"".join(struct.pack("<HHII", *t) for t in tags) + b"\0" * 4,
    )
    yield "loop.tiff", b"II*\0\x08\0\0\0\0\0\x08\0\0\0"
    yield "comment.jpg", b"\xff\xd8\xff\xfe\xff\xff" + HTML * 500 + b"\xff\xd9"
    yield "flood.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9"
    yield "exif.jpg", b"\xff\xd8\xff\xe1\x00\x20Exif\0\0II*\0\xff\xff\xff\xff" + b"\0" * 20 + b"\xff\xd9"


def _pdf(extra: str) -> bytes:
    return PDF.replace(b"{}", extra.encode()) + PDF_END


def _pdfs() -> Iterator[File]:
    yield "script.pdf", _pdf(f"/OpenAction<</S/JavaScript/JS({CALL})>>")
    yield "launch.pdf", _pdf("/OpenAction<</S/Launch/F(cmd.exe)>>")
    yield "far.pdf", _pdf(f"/OpenAction<</S/URI/URI(http://elsewhere.example/{MARK})>>")
    yield "loop.pdf", _pdf("").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    yield "many.pdf", _pdf("").replace(b"/Count 1", b"/Count 2147483647")
    yield "deep.pdf", _pdf("/X" + "[" * 100_000)
    yield "large-page.pdf", _pdf("").replace(b"[0 0 99 99]", b"[0 0 1e9 1e9]")
    yield "cut.pdf", _pdf("")[:90]
    yield "only-head.pdf", b"%PDF-1.7\n"
    yield "attached.pdf", _pdf("/Names<</EmbeddedFiles<</Names[(a.json)4 0 R]>>>>")


def _broken() -> Iterator[File]:
    yield "nothing.pdf", b""
    yield "nul.txt", b"\0" * 10_000
    yield "no-text.txt", bytes(range(256)) * 40
    yield "one-line.txt", b"a" * 3_000_000
    yield "surrogates.txt", b"\xed\xa0\x80\xed\xb0\x80" * 100
    yield "signs.md", ("\u202e" * 500 + "e" + "\u0301" * 5_000).encode()
    yield "deep.md", b"> " * 20_000 + b"[" * 50_000
    yield "script.md", f"[x](javascript:{CALL})\n<img src=x onerror={CALL}>\n".encode() * 20


def _tables() -> Iterator[File]:
    head = "name,email\r\n"
    yield "formula.csv", (head + "=cmd|'/c calc'!A1,a@b.example\r\n＝1+1,c@d.example\r\n").encode()
    yield "markup.csv", (head + f'"<script>{CALL}</script>",x@y.example\r\n').encode()
    yield "open-quote.csv", (head + '"' + "a\n" * 50_000).encode()
    yield "long-cell.csv", (head + "a" * 200_000 + ",a@b.example").encode()
    yield "many-cells.csv", (head + "," * 200_000).encode()
    yield "many-rows.csv", (head + "Ann Other,ann@b.example\n" * 30_000).encode()
    yield "utf16.csv", (head + "Ann,a@b.example").encode("utf-16")
    yield "nul.csv", head.encode() + b"A\0nn,a@b.example"
    yield "lines.csv", (head + "Ann\r\nBcc: x@y.example,a@b.example\r,\x85\u2028").encode()


def _credentials() -> Iterator[File]:
    yield "deep.json", b'{"a":' * 50_000
    yield "numbers.json", b'{"id": ' + b"9" * 10_000 + b', "x": 1e999, "y": NaN}'
    yield "loop.json", b'{"@context": {"@import": "http://169.254.169.254/"}, "id": "urn:x", "proof": []}'
    yield "keys.json", b'{"proof": {"type": "DataIntegrityProof", "verificationMethod": "did:web:127.0.0.1%3A22"}}'
    yield "repeated.json", b"{" + b'"type": "VerifiableCredential",' * 20_000 + b'"x": 1}'
    yield "list.json", b"[[[[]]]]" * 10
    yield "none.jwt", b"eyJhbGciOiJub25lIn0.e30."
    yield "many-dots.jwt", b"e30." * 50_000
    yield "jku.jwt", b"eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHA6Ly8xNjkuMjU0LjE2OS4yNTQvIn0.e30.AAAA"


def hostile_names() -> Iterator[File]:
    data = b"Plain words.\n"
    for name in (
        "../../../../tmp/evil.txt",
        "..\\..\\evil.txt",
        "/etc/cron.d/evil.txt",
        "a\r\nSet-Cookie: x=1.txt",
        "a\0b.txt",
        "\u202etxt.exe.txt",
        "n" * 1000 + ".txt",
        "page.html.txt",
        "picture.png.exe",
        f'"><img src=x onerror={CALL}>.txt',
        f"<script>{CALL}</script>.pdf",
        ".htaccess",
        "CON.txt",
        'a;b=c".txt',
        "%2e%2e%2fevil.txt",
        " .txt",
        "é\u0301\ud83d.txt".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    ):
        yield name, data
