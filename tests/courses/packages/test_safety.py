"""Whatever an author writes, nothing that acts comes out."""

from html.parser import HTMLParser

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from courses.packages.frontmatter import split_front_matter
from courses.packages.sanitise import TAGS, sanitise
from tests.courses.packages.factories import render

ALLOWED_WORDS = (
    "id href rel title class src alt width height loading start colspan rowspan scope aria-label tabindex role"
)
ALLOWED = frozenset(ALLOWED_WORDS.split())
PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "<svg/onload=x>"),
        *("data-x='1'", "hx-get='/x'", "<p hx-get=/x>", "<div data-hx-post=/>", "javascript:alert(1)", "style='x'"),
        *("{onclick='x' alt=\"", "{#a", "}", "](", ")", "![", "[", "::: challenge\n", ":::\n", "\n\n", "\n", "```"),
        *("<!--", "-->", "<style>", "<details open ontoggle=x>", "&lt;script&gt;", "<iframe src=//x>", "<math>"),
        *("# ", "- ", "1. ", "> ", ": x\n", "\t", "|", "+---+\n", "| a |\n", "&#106;avascript:", "https://x"),
        *("<https://x>", "<", ">", "\\", "'", '"', "\0"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).map("".join))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def assert_harmless(html: str) -> None:
    tags = Tags()
    tags.feed(html)
    for tag, attributes in tags.found:
        assert tag in TAGS, html
        for name, value in attributes:
            assert name in ALLOWED, html
            if name in {"href", "src"}:
                scheme = (value or "").split(":")[0].lower() if ":" in (value or "").split("/")[0] else ""
                assert scheme in {"", "http", "https", "mailto"}, html


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
@example("<a href='&#106;avascript:alert(1)'>x</a>")
@example("[x](&#106;avascript:alert(1))")
@example("[x](java\tscript:alert(1))")
@example("<p title='</p><script>'>")
@example("# <script>x</script> {#a onclick=x}")
@example("+---+\n| <script>1</script> |\n+---+\n")
def test_nothing_that_acts_comes_out_of_markdown(text: str) -> None:
    page, _ = render(text)
    assert_harmless(page.html)
    assert "<script" not in page.html.lower()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_last_gate_holds_alone(text: str) -> None:
    assert_harmless(sanitise(text))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    render(data.decode("utf-8", errors="replace"))


@given(st.text(max_size=200))
def test_no_front_matter_raises(text: str) -> None:
    front = split_front_matter(f"---\n{text}\n---\nbody")
    assert front.title.isprintable()


def test_front_matter_keeps_words_that_yaml_would_turn_into_something_else() -> None:
    front = split_front_matter("---\ntitle: No\nteaching: 010\nother: [1, {a: b}]\n---\nbody\n")
    assert (front.title, front.minutes, front.body, front.body_line) == ("No", 10, "body\n", 5)
    assert split_front_matter("---\nno end\n").body == "---\nno end\n"
    assert split_front_matter("---\n- a\n---\n").faults == ((2, 'The front matter must be lines of "key: value".'),)
