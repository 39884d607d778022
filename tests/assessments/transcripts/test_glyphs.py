"""Which names can be printed, and that the fonts are the ones that were vendored."""

import hashlib
from pathlib import Path

import pytest

import assessments
from assessments.transcripts.glyphs import missing_glyphs, read_characters

FONTS = Path(assessments.__file__).parent / "fonts"


@pytest.mark.parametrize(
    "name",
    [
        "Amara Okonkwo-Lindqvist",
        "Łucja Wąż-Śniegocka Źdźbło",
        "Ελευθερία Παπαδοπούλου",
        "Юлия Щербакова-Ёлкина",
        "Ґанна Їжакевич",
        "Nguyễn Thị Ngọc Quỳnh Ưu",
        "देवनागरी श्रीवास्तव",
        "Ñandú O’Brien “Ace” – 2·3…",
        "A\u202eb\u200d",
        "",
    ],
)
def test_names_of_the_shipped_scripts_have_all_their_letters(name: str) -> None:
    assert missing_glyphs(name) == ""


@pytest.mark.parametrize(
    ("name", "missing"),
    [("李明 Li 李", "李明"), ("محمد", "محد"), ("สมชายส", "สมชาย"), ("Ann 😀", "😀"), ("\ue000", "\ue000")],
)
def test_missing_letters_are_named_once_each(name: str, missing: str) -> None:
    assert missing_glyphs(name) == missing


def test_fonts_are_the_vendored_files() -> None:
    rows = [
        line.strip("| ").split(" | ")
        for line in (FONTS / "SOURCES.md").read_text("utf-8").splitlines()
        if ".ttf" in line
    ]
    said = {row[0]: row[-1] for row in rows}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}
    assert found == {name: digest for name, digest in said.items() if name in found}
    assert {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"} <= set(found)
    assert (FONTS / "OFL.txt").read_text("utf-8").count("SIL Open Font License") >= 1


def test_read_characters_refuses_what_is_no_font() -> None:
    with pytest.raises(ValueError, match="no character map"):
        read_characters(b"\x00\x01\x00\x00\x00\x00" + b"\x00" * 6)
