"""What people type becomes safe HTML: little of Markdown, nothing of HTML."""

import time

import pytest

from courses.typed_markdown import LONGEST_BODY, excerpt, to_html

REL = 'rel="noopener nofollow ugc"'


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One\ntwo\n\nthree", "<p>One<br>\ntwo</p>\n<p>three</p>"),
        ("- a\n- *b*", "<ul>\n<li>a</li>\n<li><em>b</em></li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("```py\n<x>\n```", '<pre tabindex="0"><code>&lt;x&gt;\n</code></pre>'),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("[a](https://a.org 'T')", f'<p><a href="https://a.org" {REL}>a</a></p>'),
        ("[a](/cohorts/1)", f'<p><a href="/cohorts/1" {REL}>a</a></p>'),
        ("<https://a.org>", f'<p><a href="https://a.org" {REL}>https://a.org</a></p>'),
        (
            "See https://a.org/x_y_(z)?a=1. (https://b.org)",
            f'<p>See <a href="https://a.org/x_y_(z)?a=1" {REL}>https://a.org/x_y_(z)?a=1</a>. '
            f'(<a href="https://b.org" {REL}>https://b.org</a>)</p>',
        ),
        ("`https://a.org`", "<p><code>https://a.org</code></p>"),
        ("[https://a.org](https://b.org)", f'<p><a href="https://b.org" {REL}>https://a.org</a></p>'),
    ],
)
def test_what_is_taken(typed: str, html: str) -> None:
    assert to_html(typed) == html


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("# a", "<p># a</p>"),
        ("a\n===", "<p>a<br>\n===</p>"),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("![a](https://a.org/b.png)", f'<p>!<a href="https://a.org/b.png" {REL}>a</a></p>'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>"),
        ("[a](ftp://a.org)", f"<p><a {REL}>a</a></p>"),
        ("[a](//a.org)", f"<p><a {REL}>a</a></p>"),
        ("[a](/%5Ca.org)", f'<p><a href="/%5Ca.org" {REL}>a</a></p>'),
        ("[a](next)", f"<p><a {REL}>a</a></p>"),
        ('https://a.org/"onmouseover=x', f'<p><a href="https://a.org/" {REL}>https://a.org/</a>"onmouseover=x</p>'),
    ],
)
def test_what_is_not_taken(typed: str, html: str) -> None:
    assert to_html(typed) == html


@pytest.mark.parametrize(
    "part", ["[", "*a **b ", "[a](", ">", "- ", "_a", "`", "https://", "<", "&", "a**b", "![", "\\"]
)
def test_longest_text_is_rendered_in_short_time(part: str) -> None:
    began = time.process_time()
    to_html((part * LONGEST_BODY)[:LONGEST_BODY])
    assert time.process_time() - began < 2


def test_excerpt_ends_at_a_word() -> None:
    assert excerpt(" short ") == "short"
    assert excerpt("one two three", 9) == "one two …"
    assert excerpt("x" * 30, 9) == "xxxxxxxxx …"
