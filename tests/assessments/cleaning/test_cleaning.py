"""Copies without metadata: nobody is named in them, and what is to be judged is as it was."""

import contextlib
import gzip
import io
import re
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from assessments.cleaning import archives, bare, films, mp3s, office, oggs, pdfs, pictures, wavs, webms
from assessments.cleaning.kinds import Clean, clean_way
from assessments.cleaning.markup import without_names
from assessments.evidence.kinds import media_type
from assessments.showing import limits
from tests.assessments.cleaning import files

Draw = Callable[[Path, Path, int], dict[str, Any]]


def unnamed(source: Path, target: Path, number: int) -> dict[str, Any]:
    return archives.draw(source, target, number, (files.NAME,))


KINDS: dict[str, tuple[Draw, bytes]] = {
    "jpeg": (pictures.draw, files.jpeg()),
    "png": (pictures.draw, files.png()),
    "gif": (pictures.draw, files.moving_gif()),
    "webp": (pictures.draw, files.webp()),
    "pdf": (pdfs.draw, files.pdf()),
    "docx": (office.draw, files.docx()),
    "xlsx": (office.draw, files.xlsx()),
    "pptx": (office.draw, files.pptx()),
    "odt": (office.draw, files.odt()),
    "mp4": (films.draw, files.mp4()),
    "mp3": (mp3s.draw, files.mp3()),
    "wav": (wavs.draw, files.wav()),
    "ogg": (oggs.draw, files.vorbis()),
    "oga": (oggs.draw, files.opus()),
    "webm": (webms.draw, files.webm()),
    "zip": (unnamed, files.zipped()),
    "tgz": (unnamed, files.tarred()),
    "tar": (unnamed, files.tarred("w")),
}


def cleaned(draw: Draw, data: bytes, folder: Path) -> bytes:
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    said = draw(source, target, 1)
    made = target.read_bytes()
    assert said == {"ending": "bin", "size": len(made)}
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named_in_the_copy(kind: str, tmp_path: Path) -> None:
    draw, data = KINDS[kind]
    assert files.says_name(data)
    made = cleaned(draw, data, tmp_path)
    assert not files.says_name(made)
    assert cleaned(draw, data, tmp_path) == made


@pytest.mark.parametrize(("kind", "way"), [("jpeg", Clean.PICTURE), ("pdf", Clean.PDF), ("docx", Clean.OFFICE)])
def test_kinds_are_known_by_type_and_beginning(kind: str, way: Clean) -> None:
    data = KINDS[kind][1]
    assert clean_way(media_type(f".{kind}"), data[:4096]) is way
    assert clean_way(media_type(f".{kind}"), b"nothing like it") is Clean.NONE


def test_texts_stay_and_what_nobody_knows_cannot_be_judged() -> None:
    assert clean_way("text/plain", b"Zebulon Quark") is Clean.AS_IS
    assert clean_way("application/zip", b"PK\3\4") is Clean.ARCHIVE
    assert clean_way("application/octet-stream", files.tarred("w")[:4096]) is Clean.ARCHIVE
    assert clean_way("application/octet-stream", b"<svg/>") is Clean.NONE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_keeps_its_pixels_and_its_right_way_up(orientation: int) -> None:
    before = Image.open(io.BytesIO(files.jpeg(orientation)))
    after = Image.open(io.BytesIO(bare.bare_jpeg(files.jpeg(orientation))))
    assert ImageOps.exif_transpose(after).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert dict(after.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
    assert not {"xmp", "comment"} & set(after.info)


def test_a_drawing_keeps_its_pixels() -> None:
    after = Image.open(io.BytesIO(bare.bare_png(files.png())))
    assert after.tobytes() == files.drawing().tobytes()


def test_a_photo_with_a_profile_is_drawn_in_the_colours_of_the_web(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    after = Image.open(io.BytesIO(cleaned(pictures.draw, files.jpeg(3, profile), tmp_path)))
    assert "icc_profile" not in after.info
    assert min(after.crop((2, 12, 3, 13)).tobytes()) > 200  # turned upside down: white stands left now


def test_a_moving_picture_still_moves(tmp_path: Path) -> None:
    after = Image.open(io.BytesIO(cleaned(pictures.draw, files.moving_gif(), tmp_path)))
    assert (getattr(after, "n_frames", 1), after.info["duration"], after.info.get("loop")) == (2, 120, 0)


def test_a_pdf_shows_what_it_showed(tmp_path: Path) -> None:
    made = cleaned(pdfs.draw, files.pdf(), tmp_path)
    before, after = (pypdfium2.PdfDocument(one)[0].render().to_pil().tobytes() for one in (files.pdf(), made))
    assert before == after
    assert any(before)
    with pikepdf.Pdf.open(io.BytesIO(made)) as document:
        remark, field = document.pages[0].Annots
        assert (str(remark.Contents), "/T" in remark, str(field.T)) == ("See here.", False, "field-1")


def test_a_pdf_with_a_password_is_not_cleaned(tmp_path: Path) -> None:
    locked = io.BytesIO()
    made = pikepdf.Pdf.new()
    made.add_blank_page()
    made.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(pikepdf.PasswordError):
        cleaned(pdfs.draw, locked.getvalue(), tmp_path)


def test_words_of_a_document_stay(tmp_path: Path) -> None:
    with ZipFile(io.BytesIO(cleaned(office.draw, files.docx(), tmp_path))) as made:
        words = made.read("word/document.xml").decode()
        assert 'Kept: author="me"' in words
        assert words.count('w:author="Author"') == 2
        assert made.read("docProps/core.xml").endswith(b"></cp:coreProperties>")
        assert made.getinfo("word/document.xml").date_time == (1980, 1, 1, 0, 0, 0)
        assert "_xmlsignatures/sig1.xml" not in made.namelist()
        with ZipFile(io.BytesIO(made.read("word/embeddings/table.xlsx"))) as inner:
            assert b'<si name="kept"><t>Numbers</t>' in inner.read("xl/sharedStrings.xml")
            assert b'id="7"' in inner.read("xl/persons/person.xml")
    with ZipFile(io.BytesIO(cleaned(office.draw, files.odt(), tmp_path))) as made:
        assert "Words stay." in made.read("content.xml").decode()
        assert made.infolist()[0].filename == "mimetype"
        assert made.infolist()[0].compress_type == 0


def _bomb() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b" " * (office.LARGEST_MARKUP + 1))
    return out.getvalue()


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def _linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        link = tarfile.TarInfo("passwords.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    return out.getvalue()


def _nested(depth: int) -> bytes:
    inner = files.xlsx()
    for _ in range(depth):
        out = io.BytesIO()
        with ZipFile(out, "w") as made:
            made.writestr("[Content_Types].xml", "<Types/>")
            made.writestr("in.xlsx", inner)
        inner = out.getvalue()
    return inner


@pytest.mark.parametrize(
    ("draw", "data"),
    [
        (office.draw, _bomb()),
        (office.draw, _nested(office.DEEPEST + 1)),
        (office.draw, b"PK\3\4 nothing"),
        (pictures.draw, files.png()[:60]),
        (pdfs.draw, b"%PDF-1.7\n" + b"nothing " * 50),
        (films.draw, b"\0\0\0\x03ftyp" + b"x" * 20),
        (films.draw, b"\0\0\xff\xffftyp" + b"x" * 20),
        (mp3s.draw, b"ID3\4\0\0\x7f\x7f\x7f\x7f"),
        (wavs.draw, b"RIFF\0\0\0\0WAVX"),
        (oggs.draw, b"OggS" + bytes(23)),
        (oggs.draw, files.vorbis()[:120]),
        (oggs.draw, files.vorbis().replace(b"\x01vorbis", b"fishead")),
        (oggs.draw, files.vorbis().replace(b"\x03vorbis", b"\x04vorbis")),
        (webms.draw, files.webm()[:60]),
        (webms.draw, b"\x1a\x45\xdf\xa3\x80"),
        (webms.draw, b"\0" * 40),
        (unnamed, _archive({"in.zip": files.zipped()})),
        (unnamed, _archive({"../../etc/passwd.txt": b"x"})),
        (unnamed, _archive({"a.bin": b"who knows"})),
        (unnamed, _archive({"__MACOSX/x": b"x"})),
        (unnamed, _archive({f"{n}.txt": b"" for n in range(archives.MOST_FILES + 1)})),
        (unnamed, _linked()),
        (unnamed, gzip.compress(b"no archive", mtime=0)),
    ],
)
def test_hostile_files_are_refused(draw: Draw, data: bytes, tmp_path: Path) -> None:
    with pytest.raises((ValueError, OSError, BadZipFile, pikepdf.PdfError, tarfile.TarError)):
        cleaned(draw, data, tmp_path)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLEANED_BYTES", 10_000)
    halves = {"a.txt": b"x" * 6_000, "b.txt": b"x" * 6_000}
    with pytest.raises(ValueError, match="too large"):
        cleaned(unnamed, _archive(halves), tmp_path)
    assert cleaned(unnamed, _archive({"a.txt": b"x" * 6_000}), tmp_path)


def test_films_and_sounds_are_still_there(tmp_path: Path) -> None:
    film = files.mp4()
    made = cleaned(films.draw, film, tmp_path)
    assert (len(made), made[-8:], made.count(b"free")) == (len(film), b"pictures", 3)
    assert cleaned(mp3s.draw, files.mp3(), tmp_path) == files.SOUND
    sound = cleaned(wavs.draw, files.wav(), tmp_path)
    assert sound.endswith(b"data\5\0\0\0sound\0")
    assert int.from_bytes(sound[4:8], "little") == len(sound) - 8


def test_an_ogg_keeps_its_pages_and_their_sums_hold(tmp_path: Path) -> None:
    for data in (files.vorbis(), files.opus()):
        made = cleaned(oggs.draw, data, tmp_path)
        assert (len(made), made.endswith(files.OGG_SOUND)) == (len(data), True)
        places = [found.start() for found in re.finditer(b"OggS", made)]
        for start, end in zip(places, [*places[1:], len(made)], strict=True):
            page = bytearray(made[start:end])
            said, page[22:26] = bytes(page[22:26]), bytes(4)
            assert said == oggs.checksum(page).to_bytes(4, "little")
    assert b"\x05vorbis setup" in cleaned(oggs.draw, files.vorbis(), tmp_path)


@pytest.mark.parametrize("endless", [False, True], ids=["whole", "as it was recorded"])
def test_a_webm_keeps_its_pictures_in_their_places(endless: bool, tmp_path: Path) -> None:  # noqa: FBT001
    data = files.webm(endless=endless)
    made = cleaned(webms.draw, data, tmp_path)
    assert not files.says_name(made)
    assert (len(made), made.index(b"pictures")) == (len(data), data.index(b"pictures"))


def test_an_archive_keeps_its_files_under_names_that_tell_nobody(tmp_path: Path) -> None:
    wanted = ["renamed-1/renamed-2.md", "renamed-1/pictures/shot.jpg", "src/main.py"]
    with ZipFile(io.BytesIO(cleaned(unnamed, files.zipped(), tmp_path))) as packed:
        assert (packed.namelist(), packed.comment) == (wanted, b"")
        assert {one.date_time[0] for one in packed.infolist()} == {1980}
        assert packed.read("renamed-1/renamed-2.md") == b"A report."
        assert Image.open(packed.open("renamed-1/pictures/shot.jpg")).size == (40, 24)
    for mode in ("w", "w:gz"):
        with tarfile.open(fileobj=io.BytesIO(cleaned(unnamed, files.tarred(mode), tmp_path))) as packed_too:
            members = packed_too.getmembers()
            assert [one.name for one in members] == wanted
            assert {(one.mtime, one.uname, one.gname, one.uid) for one in members} == {(0, "", "", 0)}
    plain = cleaned(archives.draw, _archive({"Zebulon.md": b"x"}), tmp_path)
    with ZipFile(io.BytesIO(plain)) as kept:
        assert kept.namelist() == ["Zebulon.md"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_as_ogg_and_webm(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        for draw, begins in ((oggs.draw, b"OggS\0\2"), (webms.draw, files.webm()[:40])):
            with contextlib.suppress(ValueError):
                cleaned(draw, begins + data, Path(made))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_markup_can_be_cleaned(data: bytes) -> None:
    markup = b"<a author='x'>" + data.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    assert without_names(markup).startswith(b'<a author="Author">')


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_a_photo_s_beginning_end(data: bytes) -> None:
    made = bare.bare_jpeg(b"\xff\xd8" + data)
    assert made.endswith(b"\xff\xd9")
