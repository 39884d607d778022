"""What a browser shows of a file, to whom, and that nothing in it runs."""

import hashlib
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from PIL import Image

from assessments.evidence.names import clean_name
from assessments.showing.texts import plain
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import School
from tests.assessments.photos.pictures import jpeg
from tests.assessments.showing.conftest import PutIn
from tests.assessments.showing.files import HOSTILE, SCRIPT, pdf, picture, table
from tests.statements import statements

CANNOT = "This file cannot be shown here; download it."
PARTS = ("/view", "/picture", "")


class _Live(HTMLParser):
    """Collects what could run or be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "form", "input", "style", "base", "meta", "link"}:
            self.found.append(tag)
        for name, value in attrs:
            own_page = (value or "").startswith("/evidence/") or (value or "").startswith("/cohorts/")
            away = tag == "a" and name == "href" and (value or "").startswith("https://example.org/")
            if name.startswith(("on", "hx-get", "hx-post", "data-hx")) or name in {"style", "srcset", "id"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "xlink:href"} and not (own_page or away or tag == "use"):
                self.found.append(f"{tag} {name}={value}")


def _live(html: str) -> list[str]:
    parser = _Live()
    parser.feed(html)
    return [one for one in parser.found if one not in {"main id", "div id"}]


def _grader(house: House, school: School) -> str:
    house.db.write_now(lambda conn: grant(conn, school.greta, Role.GRADER, scope_id=school.cohort, now=make.BEFORE))
    return school.greta


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_file_is_shown_to_nobody_else(school: School, house: House, put_in: PutIn, browser: Any, method: str) -> None:
    elsewhere = house.db.write_now(make.with_role, Role.GRADER, "Gus Grey", scope_id="another-cohort")
    grader = _grader(house, school)
    file = put_in("shot.png", "image/png", picture())
    for part in PARTS:
        assert browser().request(method, f"/evidence/{file}{part}").status_code == 303
        for person in (school.bob, elsewhere, grader):
            assert browser(person).request(method, f"/evidence/{file}{part}").status_code == 404
        assert browser(school.alice).request(method, f"/evidence/{file}{part}").status_code == 200
        assert browser(school.alice).request(method, f"/evidence/none{part}").status_code == 404


def test_grader_sees_what_was_handed_in_without_metadata(
    school: School, house: House, put_in: PutIn, browser: Any
) -> None:
    sent = jpeg()
    file = put_in("photo.jpg", "image/jpeg", sent, hand_in=True)
    greta = browser(_grader(house, school))
    page = greta.get(f"/evidence/{file}/view").text
    assert "Shown without metadata" in page
    assert hashlib.sha256(sent).hexdigest() in page
    assert 'href="/grading/' in page
    assert 'width="48" height="64"' in page
    answer = greta.get(f"/evidence/{file}/picture")
    assert answer.headers["content-type"] == "image/jpeg"
    assert hashlib.sha256(answer.content).hexdigest() in page
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.size == (48, 64)  # turned as the camera said
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(shown.info)


def test_picture_is_drawn_once_and_the_browser_keeps_it(
    school: School, house: House, put_in: PutIn, browser: Any
) -> None:
    file, alice = put_in("shot.png", "image/png", picture()), browser(school.alice)
    first = alice.get(f"/evidence/{file}/picture")
    copies = {path: path.stat().st_mtime_ns for path in (house.settings.home / "derived").rglob("*.png")}
    assert len(copies) == 1
    again = alice.get(f"/evidence/{file}/picture", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert {path: path.stat().st_mtime_ns for path in copies} == copies
    for path in copies:
        path.unlink()
    assert alice.get(f"/evidence/{file}/picture").content == first.content


def test_pdf_is_shown_a_page_at_a_time(school: School, put_in: PutIn, browser: Any) -> None:
    file, alice = put_in("report.pdf", "application/pdf", pdf("First words", "Second words")), browser(school.alice)
    page = alice.get(f"/evidence/{file}/view").text
    assert "Page 1 of 2" in page
    assert "First words" in page
    assert f'href="/evidence/{file}/view?page=2"' in page
    second = alice.get(f"/evidence/{file}/view?page=2").text
    assert "Second words" in second
    assert "First words" not in second
    pictures = [alice.get(f"/evidence/{file}/picture?page={number}").content for number in (1, 2)]
    assert pictures[0] != pictures[1]
    with Image.open(io.BytesIO(pictures[0])) as shown:
        assert shown.format == "PNG"
        assert shown.width == 1600
        assert f'width="1600" height="{shown.height}"' in page
    assert "Page 2 of 2" in alice.get(f"/evidence/{file}/view?page=99").text
    for odd in ("0", "-1", "x", "9" * 30):
        assert "Page 1 of 2" in alice.get(f"/evidence/{file}/view?page={odd}").text


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("broken.pdf", "application/pdf", b"%PDF-1.7\n" + b"nothing " * 50),
        ("none.pdf", "application/pdf", pdf()),
        ("broken.png", "image/png", picture()[:60]),
        ("short.jpg", "image/jpeg", b"\xff\xd8\xff\xe0"),
        ("page.png", "image/png", SCRIPT),
        ("nul.txt", "text/plain", b"a\0b"),
        ("work.zip", "application/zip", b"PK\x03\x04"),
        ("any.bin", "application/octet-stream", b"plain words"),
    ],
)
def test_what_cannot_be_shown_is_offered_as_a_download(
    school: School, put_in: PutIn, browser: Any, name: str, kind: str, data: bytes
) -> None:
    file, alice = put_in(name, kind, data), browser(school.alice)
    for _ in range(2):
        answer = alice.get(f"/evidence/{file}/view")
        assert answer.status_code == 200
        assert CANNOT in answer.text
    assert f'href="/evidence/{file}"' in answer.text
    assert alice.get(f"/evidence/{file}/picture").status_code == 404
    assert alice.get(f"/evidence/{file}").content == data


def test_text_is_shown_in_numbered_parts(school: School, put_in: PutIn, browser: Any) -> None:
    text = "".join(f"line {number} <b>\n" for number in range(1, 1001)).encode()
    file, alice = put_in("long.log", "text/plain", text), browser(school.alice)
    address, seen = f"/evidence/{file}/view", list[str]()
    while address:
        page = alice.get(address).text
        seen += re.findall(r"<code>(line \d+ &lt;b&gt;)</code>", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [f"line {number} &lt;b&gt;" for number in range(1, 1001)]


def test_table_is_shown_in_parts_below_its_head(school: School, put_in: PutIn, browser: Any) -> None:
    file, alice = put_in("rows.csv", "text/csv", table(250)), browser(school.alice)
    address, seen = f"/evidence/{file}/view", list[str]()
    while address:
        page = alice.get(address).text
        assert '<th scope="col">value</th>' in page
        seen += re.findall(r"<td>(row \d+)</td>", page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [f"row {number}" for number in range(1, 251)]


def test_markdown_is_rendered_once_and_nothing_in_it_is_fetched(
    school: School, house: House, put_in: PutIn, browser: Any
) -> None:
    data = b"# Read me\n\n- one\n- **two**\n\n![a map](https://far.example/m.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    file, alice = put_in("read.md", "text/markdown", data), browser(school.alice)
    page = alice.get(f"/evidence/{file}/view").text
    assert "<h2>Read me</h2>" in page
    assert "<strong>two</strong>" in page
    assert "<td>1</td>" in page
    assert "[a map]" in page
    assert "far.example" not in page
    assert len(list((house.settings.home / "derived").rglob("*.html"))) == 1
    assert alice.get(f"/evidence/{file}/view").text.count("<h2>Read me</h2>") == 1


@pytest.mark.parametrize(("way", "kind", "data"), [
    ("video", "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(500)),
    ("audio", "audio/mpeg", b"ID3" + bytes(500)),
])  # fmt: skip
def test_sound_and_film_play_from_the_download_in_ranges(
    school: School, put_in: PutIn, browser: Any, way: str, kind: str, data: bytes
) -> None:
    file, alice = put_in("a.mp4", kind, data), browser(school.alice)
    answer = alice.get(f"/evidence/{file}/view")
    assert f'<{way} class="shown" controls preload="metadata" src="/evidence/{file}"' in answer.text
    assert "media-src 'self'" in answer.headers["content-security-policy"]
    part = alice.get(f"/evidence/{file}", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, data[4:8], kind)


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_gets_out_as_something_that_runs(
    school: School, put_in: PutIn, browser: Any, name: str
) -> None:
    kind, data = HOSTILE[name]
    file, alice = put_in(clean_name(name), kind, data), browser(school.alice)
    page = alice.get(f"/evidence/{file}/view")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert _live(page.text[page.text.index("<main") : page.text.index("</main>")]) == []
    shown = alice.get(f"/evidence/{file}/picture")
    assert shown.status_code in {200, 404}
    if shown.status_code == 200:
        assert shown.headers["content-type"] in {"image/png", "image/jpeg"}
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert b"script" not in shown.content
    saved = alice.get(f"/evidence/{file}")
    assert saved.content == data
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert saved.headers["content-security-policy"].endswith("sandbox")
    assert saved.headers["x-content-type-options"] == "nosniff"


def test_page_costs_the_same_statements_whatever_is_shown(
    school: School, house: House, put_in: PutIn, browser: Any
) -> None:
    file, alice = put_in("long.log", "text/plain", b"line\n" * 5000), browser(school.alice)
    alice.get(f"/evidence/{file}/view")
    for part in ("/view", "/view?at=500&number=101"):
        with statements(house.db) as count:
            assert alice.get(f"/evidence/{file}{part}").status_code == 200
        assert count.number == 2


def test_a_line_that_heaps_marks_is_shown_without_composing_it() -> None:
    """A learner's file may have one; its grader's page is to come at once."""
    assert plain("e\u0301") == "\u00e9"
    assert plain(heap := "e" + "\u0315\u0301" * 100) == heap
