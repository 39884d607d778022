"""Letters as HTML: the words of the text, nothing fetched, nothing that somebody typed turned into markup."""

import re
from pathlib import Path

import pytest

from fourweek.mail import compose
from fourweek.mail_html import Block, Look, Piece, blocks, html_of
from fourweek.outbox import Letter
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests.factories import START
from tests.house.sources import TEMPLATES, name
from tests.letters import html_of as html_in
from tests.letters import text_of

HERE = "https://school.example"
LOOK = Look("Institute <of> Pumps", HERE, "#1f4e79")
LETTERS = sorted((TEMPLATES / "email").glob("*.txt"))


def _blocks(text: str) -> list[Block]:
    return list(blocks(text, HERE))


def _text(*lines: str) -> Block:
    return Block(lines=tuple((Piece(line),) for line in lines))


def test_paragraphs_keep_their_lines() -> None:
    assert _blocks("One.\n\nDue: now\nLate: never\n\n\n\nEnd.\n") == [
        _text("One."),
        _text("Due: now", "Late: never"),
        _text("End."),
    ]


def test_a_list_keeps_what_belongs_to_an_item() -> None:
    assert _blocks("It has:\n- one\n  more\n- two\nEnd.") == [
        _text("It has:"),
        Block(items=(((Piece("one"),), (Piece("more"),)), ((Piece("two"),),))),
        _text("End."),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_our_address_takes_the_words_before_it(gap: str) -> None:
    assert _blocks(f"It is done. See your badge:{gap}{HERE}/badges/x?a=1#b\nEnd.") == [
        _text("It is done."),
        Block(words="See your badge", address=f"{HERE}/badges/x?a=1#b"),
        _text("End."),
    ]


def test_our_address_without_words_shows_itself() -> None:
    assert _blocks(f"Look.\n\n{HERE}/x") == [_text("Look."), Block(words=f"{HERE}/x", address=f"{HERE}/x")]


@pytest.mark.parametrize("address", ["https://evil.example/x", f"{HERE}.evil.example/x", f"{HERE}@evil.example"])
def test_an_address_elsewhere_never_hides_behind_words(address: str) -> None:
    assert _blocks(f"Your account:\n{address}") == [
        _text("Your account:"),
        Block(lines=((Piece(address, address),),)),
    ]


def test_addresses_within_a_sentence_end_before_its_signs() -> None:
    (block,) = _blocks("See https://a.example/x?y=(1), or https://b.example.")
    assert [piece for piece in block.lines[0] if piece.href] == [
        Piece("https://a.example/x?y=(1", "https://a.example/x?y=(1"),
        Piece("https://b.example", "https://b.example"),
    ]
    assert "".join(piece.text for piece in block.lines[0]) == "See https://a.example/x?y=(1), or https://b.example."


def test_nothing_typed_becomes_markup() -> None:
    typed = '<img src=x onerror="go()"> & <script>go()</script>\n\n- <b>\n\nhttps://a.example/"onclick="go()'
    page = html_of("A <title>", typed, "", LOOK)
    assert re.findall(r"<(?:img|script|b)\b|<[^>]*\son", page) == []
    assert "&lt;img src=x onerror=&#34;go()&#34;&gt; &amp; &lt;script&gt;" in page
    assert "<title>A &lt;title&gt;</title>" in page
    assert "Institute &lt;of&gt; Pumps" in page


def test_nothing_is_fetched_and_the_language_is_said() -> None:
    page = html_of("Due", f"Go on:\n{HERE}/x\n\nInstitute <of> Pumps", f"No more:\n{HERE}/out", LOOK)
    assert re.search(r"<(?:img|link|script|iframe|object|table)\b|url\(|@import|\ssrc=", page) is None
    assert '<html lang="en" dir="ltr">' in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("Institute &lt;of&gt; Pumps") == 1  # at the head, and not once more below
    assert [page.count(f'href="{HERE}/{path}"') for path in ("x", "out")] == [1, 1]


def test_a_letter_goes_out_as_text_and_as_html() -> None:
    data = {"title": "Note <1>", "course": "Pumps", "attempt": 1, "outcome": "Demonstrated", "path": "/x"}
    letter = Letter("m", START, "a@example.org", "posted", data, "t" * 43)
    mail = compose(letter, Settings(base_url=HERE, institution="Pump House"), Pages((), str).env)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert text_of(mail).count(f"\n{HERE}/x\n") == 1
    page = html_in(mail)
    assert "&#34;Note &lt;1&gt;&#34; (Pumps, attempt 1)" in page
    assert f'<a href="{HERE}/x" class="button"' in page
    assert f">{HERE}/x</span>" in page
    assert f'<a href="{HERE}/unsubscribe/{"t" * 43}/posted"' in page


@pytest.mark.parametrize("letter", LETTERS, ids=name)
def test_every_address_in_a_letter_has_words_of_its_own(letter: Path) -> None:
    lines = letter.read_text("utf-8").split("\n")
    at = [number for number, line in enumerate(lines) if line.startswith(("{{ base_url }}", "{{ registrar }}"))]
    assert all(re.fullmatch(r"{% trans %}[A-Z][^.]{2,60}:{% endtrans \+%}", lines[number - 1]) for number in at)
    assert "{{ base_url }}" not in "".join(line[3:] for line in lines)


@pytest.mark.parametrize("letter", LETTERS, ids=name)
def test_letters_are_in_our_words(letter: Path) -> None:
    assert re.findall(r"\b(?:please|sorry|oops|simply)\b", letter.read_text("utf-8"), re.IGNORECASE) == []
