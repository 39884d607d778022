"""Files that say whose they are, wherever their kind lets them."""

import gzip
import io
import struct
import tarfile
import zlib
from zipfile import ZIP_STORED, ZipFile

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assessments.cleaning import oggs

NAME = "Zebulon Quark"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
    f"<pdf:Keywords>{NAME}</pdf:Keywords></rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()


def _exif(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = NAME, orientation
    return exif


def drawing(size: tuple[int, int] = (40, 24)) -> Image.Image:
    """Left half navy, right half white: which side is up can be seen."""
    made = Image.new("RGB", size, "navy")
    made.paste("white", (size[0] // 2, 0, *size))
    return made


def jpeg(orientation: int = 6, profile: bytes | None = None) -> bytes:
    out = io.BytesIO()
    drawing().save(
        out, "JPEG", exif=_exif(orientation), comment=NAME.encode(), xmp=XMP, icc_profile=profile, quality=95
    )
    return out.getvalue() + b"behind the picture: " + NAME.encode()


def png() -> bytes:
    out, told = io.BytesIO(), PngInfo()
    told.add_text("Author", NAME)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    told.add_text("Comment", NAME, zip=True)
    drawing().save(out, "PNG", pnginfo=told, exif=_exif())
    return out.getvalue() + NAME.encode()


def moving_gif() -> bytes:
    out = io.BytesIO()
    second = Image.new("RGB", (40, 24), "green")
    drawing().save(out, "GIF", save_all=True, append_images=[second], duration=120, loop=0, comment=NAME.encode())
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    drawing().save(out, "WEBP", exif=_exif(1).tobytes(), xmp=XMP)
    return out.getvalue()


def pdf() -> bytes:
    """With a remark, a field, a signature, a file attached, a picture, and an older version of itself inside."""
    out, made = io.BytesIO(), pikepdf.Pdf.new()
    page = made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Author"] = NAME
    made.Root.Metadata = made.make_stream(XMP, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    page.obj.PieceInfo = pikepdf.Dictionary(Editor=pikepdf.Dictionary(Private=pikepdf.String(NAME)))
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[10, 10, 30, 30],
        Contents=pikepdf.String("See here."),
        T=pikepdf.String(NAME),
    )
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        Rect=[10, 40, 30, 60],
        FT=pikepdf.Name.Tx,
        T=pikepdf.String("field-1"),
        V=pikepdf.Dictionary(Type=pikepdf.Name.Sig, Name=pikepdf.String(NAME), ByteRange=[0, 1, 2, 3]),
    )
    page.obj.Annots = pikepdf.Array([remark, made.make_indirect(field)])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([page.obj.Annots[1]]))
    picture = made.make_stream(b"")
    picture.write(jpeg(), filter=pikepdf.Name.DCTDecode)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent, picture.ColorSpace = 40, 24, 8, pikepdf.Name.DeviceRGB
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.Contents = made.make_stream(b"q 100 0 0 60 50 100 cm /P Do Q")
    made.attachments["notes.txt"] = pikepdf.AttachedFileSpec(
        made,
        NAME.encode(),
        filename="notes.txt",
        description=NAME,
        mime_type="text/plain",
        creation_date="",
        mod_date="",
    )
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CORE = 'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="urn:dc"'


def docx() -> bytes:
    return _zip(
        {
            "[Content_Types].xml": "<Types/>",
            "docProps/core.xml": f'<?xml version="1.0"?>\n<cp:coreProperties {_CORE}><dc:creator>{NAME}</dc:creator>'
            f"<cp:lastModifiedBy>{NAME}</cp:lastModifiedBy></cp:coreProperties>",
            "docProps/custom.xml": f"<Properties><property><vt:lpwstr>{NAME}</vt:lpwstr></property></Properties>",
            "word/document.xml": f"<w:document {_W}><w:ins w:id='1' w:author='{NAME}'><w:t>Kept: author=\"me\"</w:t>"
            f'</w:ins><w:del w:author = "{NAME}" w:date="2026-01-01"/></w:document>',
            "word/comments.xml": f'<w:comments {_W}><w:comment w:author="{NAME}" w:initials="ZQ{NAME}"/></w:comments>',
            "word/people.xml": f'<w15:people xmlns:w15="urn:x"><w15:person w15:author="{NAME}"/></w15:people>',
            "customXml/item1.xml": f"<p:p><UserInfo><DisplayName>{NAME}</DisplayName></UserInfo></p:p>",
            "word/media/image1.jpeg": jpeg(),
            "word/media/image2.png": png(),
            "word/embeddings/table.xlsx": xlsx(),
            "_xmlsignatures/sig1.xml": f"<Signature>{NAME}</Signature>",
        }
    )


def xlsx() -> bytes:
    return _zip(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<w><fileSharing userName="{NAME}"/><x15ac:absPath url="C:\\{NAME}\\"/></w>',
            "xl/comments1.xml": f"<comments><authors><author>{NAME}</author></authors></comments>",
            "xl/persons/person.xml": f'<personList><person displayName="{NAME}" userId="{NAME}" id="7"/></personList>',
            "xl/sharedStrings.xml": '<sst><si name="kept"><t>Numbers</t></si></sst>'.encode("utf-16"),
        }
    )


def pptx() -> bytes:
    return _zip(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst><p:cmAuthor id="0" name="{NAME}" initials="Z"/></p:cmAuthorLst>',
        }
    )


def odt() -> bytes:
    meta = f"<office:document-meta><meta:initial-creator>{NAME}</meta:initial-creator></office:document-meta>"
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": meta,
            "settings.xml": f'<s><config:config-item config:name="PrinterName">{NAME}</config:config-item></s>',
            "content.xml": f"<c><dc:creator>{NAME}</dc:creator><text:p>Words stay.</text:p></c>",
            "META-INF/documentsignatures.xml": f"<s>{NAME}</s>",
        }
    )


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as made:
        made.comment = NAME.encode()
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4() -> bytes:
    track = box(b"trak", box(b"tkhd", bytes(84)) + box(b"udta", box(b"name", NAME.encode())))
    told = box(b"udta", box(b"meta", NAME.encode())) + box(b"meta", NAME.encode())
    return box(b"ftyp", b"mp42") + box(b"moov", box(b"mvhd", bytes(100)) + track + told) + box(b"mdat", b"pictures")


def mp3() -> bytes:
    told = NAME.encode()
    length = bytes([0, 0, 0, len(told)])
    ape = told + b"APETAGEX" + struct.pack("<IIII", 2000, len(told) + 32, 1, 0) + bytes(8)
    return b"ID3\4\0\0" + length + told + SOUND + ape + b"TAG" + told.ljust(125, b"\0")


SOUND = b"\xff\xfb\x90\x00" + b"sound" * 40


def wav() -> bytes:
    parts = b"fmt " + struct.pack("<I", 16) + bytes(16) + b"LIST" + struct.pack("<I", len(NAME) + 1) + NAME.encode()
    parts += b"\0" + b"data" + struct.pack("<I", 5) + b"sound\0"
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def _page(serial: int, number: int, packets: list[bytes], *, begins: bool = False) -> bytes:
    """One Ogg page; the last packet goes on in the next one where it fills its lacing."""
    lacing, body = bytearray(), b"".join(packets)
    for packet in packets:
        whole, rest = divmod(len(packet), 255)
        lacing += bytes([255] * whole) + (b"" if packet is packets[-1] and not rest and whole == 255 else bytes([rest]))
    flags = 2 if begins else 0
    head = b"OggS\0" + bytes([flags]) + bytes(8) + struct.pack("<III", serial, number, 0) + bytes([len(lacing)])
    page = bytearray(head + bytes(lacing) + body)
    page[22:26] = oggs.checksum(page).to_bytes(4, "little")
    return bytes(page)


def _comments(begins: bytes, ends: bytes, picture: int = 0) -> bytes:
    told = [f"ARTIST={NAME}".encode(), b"PICTURE=" + b"x" * picture]
    said = b"".join(struct.pack("<I", len(one)) + one for one in told)
    maker = NAME.encode()
    return begins + struct.pack("<I", len(maker)) + maker + struct.pack("<I", len(told)) + said + ends


def opus() -> bytes:
    """Its comments go over two pages."""
    told = _comments(b"OpusTags", b"", 70_000)
    first = _page(7, 0, [b"OpusHead" + bytes(11)], begins=True)
    return first + _page(7, 1, [told[: 255 * 255]]) + _page(7, 2, [told[255 * 255 :]]) + _page(7, 3, [OGG_SOUND])


def vorbis() -> bytes:
    told = _comments(b"\x03vorbis", b"\1")
    first = _page(9, 0, [b"\x01vorbis" + bytes(23)], begins=True)
    return first + _page(9, 1, [told, b"\x05vorbis setup"]) + _page(9, 2, [OGG_SOUND])


OGG_SOUND = b"sound" * 30


def _element(kind: str, content: bytes, *, endless: bool = False) -> bytes:
    length = b"\x01" + b"\xff" * 7 if endless else b"\x10" + len(content).to_bytes(3, "big")
    return bytes.fromhex(kind) + length + content


def webm(*, endless: bool = False) -> bytes:
    name = NAME.encode()
    about = _element("7ba9", name) + _element("4d80", name) + _element("5741", name) + _element("bf", bytes(4))
    tracks = _element("ae", _element("d7", b"\1") + _element("536e", name))
    films = _element("1f43b675", _element("e7", b"\0") + _element("a3", b"pictures"), endless=endless)
    more = _element("1254c367", name) + _element("1941a469", name * 2000)
    inside = _element("1549a966", about) + _element("1654ae6b", tracks) + films + more
    return _element("1a45dfa3", _element("4282", b"webm")) + _element("18538067", inside, endless=endless)


def archive_files() -> dict[str, str | bytes]:
    return {
        "Zebulon Quark/report_quark.md": "A report.",
        "Zebulon Quark/pictures/shot.jpg": jpeg(),
        "__MACOSX/._quark": NAME,
        "src/main.py": "print(1)",
    }


def zipped() -> bytes:
    return _zip(archive_files())


def tarred(mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:  # type: ignore[call-overload]
        for name, content in archive_files().items():
            about = tarfile.TarInfo(name)
            about.uname = about.gname = NAME
            data = content.encode() if isinstance(content, str) else content
            about.size, about.mtime = len(data), 1_700_000_000
            made.addfile(about, io.BytesIO(data))
    made_of: bytes = out.getvalue()
    return made_of


def says_name(data: bytes) -> bool:
    """Whether it is anywhere in the bytes, or in what of them can be unpacked."""
    told = (NAME.encode(), NAME.encode("utf-16-le"), NAME.encode("utf-16-be"))
    return any(one in part for part in _unpacked(data) for one in told)


def _unpacked(data: bytes) -> list[bytes]:
    found = [data]
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as packed:
            found.append(packed.comment)
            for name in packed.namelist():
                found += [name.encode(), *_unpacked(packed.read(name))]
    if data.startswith(b"\x1f\x8b"):
        found.append(gzip.decompress(data))
    if data.startswith(b"%PDF"):
        with pikepdf.Pdf.open(io.BytesIO(data)) as document:
            found += [one.read_raw_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
            found.append(document.trailer.unparse(resolved=True))
            found += [one.unparse(resolved=True) for one in document.objects]
    if data.startswith(b"\x89PNG"):
        for at in range(len(data)):
            if data[at : at + 4] == b"zTXt":
                packed_text = data[at + 4 :].split(b"\0\0", 1)[1]
                found.append(zlib.decompressobj().decompress(packed_text))
    return found
