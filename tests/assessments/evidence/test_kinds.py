"""Which files are taken."""

import pytest

from assessments.evidence.kinds import USUAL, media_type, wrong_kind

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF = b"%PDF-1.7\n"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("ending", "head"),
    [
        (".png", PNG),
        (".pdf", PDF),
        (".pdf", b"junk before\n" + PDF),
        (".md", b"# Heading\n\nA < b"),
        (".txt", "Überschrift".encode("utf-16")),
        (".csv", b"a,b\n1,2\n"),
        (".docx", b"PK\x03\x04rest"),
        (".webp", b"RIFF\x10\0\0\0WEBPVP8 "),
        (".jpg", b"\xff\xd8\xff\xe0"),
    ],
)
def test_usual_kinds_are_taken(ending: str, head: bytes) -> None:
    assert wrong_kind(ending, head, ()) == ""


@pytest.mark.parametrize("ending", [".html", ".svg", ".exe", ".js", ".sh", ""])
def test_kinds_that_run_or_render_are_not_taken_by_themselves(ending: str) -> None:
    assert wrong_kind(ending, b"x", ()).startswith("Files of this kind are not asked for here.")
    assert ending not in USUAL


@pytest.mark.parametrize("head", [HTML, SVG, b"  \n<svg/>", b"\xef\xbb\xbf<html>", b"MZ\x90\0", b"\x7fELF\2"])
@pytest.mark.parametrize("ending", [".txt", ".md", ".png", ".pdf", ".csv"])
def test_disguised_pages_and_programs_are_refused(ending: str, head: bytes) -> None:
    assert wrong_kind(ending, head, (ending,)) == f"What is in the file does not fit its name: it is no {ending} file."


@pytest.mark.parametrize(("ending", "head"), [(".png", PDF), (".pdf", PNG), (".docx", b"plain"), (".txt", b"a\0b")])
def test_content_that_does_not_fit_is_refused(ending: str, head: bytes) -> None:
    assert wrong_kind(ending, head, (ending,)) != ""


def test_a_course_may_ask_for_drawings_and_pages() -> None:
    assert wrong_kind(".svg", SVG, (".svg",)) == ""
    assert wrong_kind(".html", HTML, (".html",)) == ""
    assert wrong_kind(".pdf", PDF, (".svg",)) != ""


def test_media_type_is_never_one_that_renders() -> None:
    assert media_type(".pdf") == "application/pdf"
    for ending in (".html", ".svg", ".xml", ".unknown"):
        assert media_type(ending) == "application/octet-stream"
