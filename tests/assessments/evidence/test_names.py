"""Names of files: text that can be shown and sent, whatever they were."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.evidence.names import LONGEST, clean_name, ending_of
from fourweek.files import disposition


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\report.pdf", "report.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("  many   spaces .txt ", "many spaces .txt"),
        ("u\u0308ber.md", "über.md"),
        ("", "file"),
        ("...", "file"),
        (".gitignore", "file.gitignore"),
        ("日本語.png", "日本語.png"),
    ],
)
def test_clean_name_examples(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def test_clean_name_keeps_the_ending_of_a_long_name() -> None:
    kept = clean_name("ä" * 400 + ".pdf")
    assert kept.endswith("ä.pdf")
    assert len(kept.encode()) <= LONGEST


@given(st.text(max_size=600))
def test_clean_name_is_safe_and_stable(sent: str) -> None:
    kept = clean_name(sent)
    assert kept
    assert len(kept.encode()) <= LONGEST
    assert not set(kept) & set("/\\\r\n\0")
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in kept)
    assert clean_name(kept) == kept


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("plain", ""), (".md", "")])
def test_ending_of(name: str, ending: str) -> None:
    assert ending_of(name) == ending


@given(st.text(max_size=300))
def test_disposition_of_a_clean_name_is_one_header_that_reads_back(sent: str) -> None:
    name = clean_name(sent)
    header = disposition(name, shown=False)
    assert header.isascii()
    assert header.isprintable()
    plain, _, encoded = header.partition("; filename*=UTF-8''")
    assert unquote(encoded, errors="strict") == name
    assert re.fullmatch(r'attachment; filename="[^"\\%;]+"', plain)
