import pytest

from courses.packages.models import Heading, Severity
from tests.courses.packages.factories import html, render


def test_a_bare_fence_closes_the_innermost_whatever_its_length() -> None:
    body = "::::::::: challenge\nA\n::: solution\nB\n::::::::::::\nC\n:::\nD\n"
    assert html(body) == (
        '<section class="callout-box challenge">\n<p class="callout-label">Exercise</p>\n<p>A</p>\n'
        '<details class="callout-box solution">\n<summary>Solution</summary>\n<p>B</p>\n</details>\n'
        "<p>C</p>\n</section>\n<p>D</p>\n"
    )


def test_fences_inside_code_are_text() -> None:
    assert html("::: callout\n~~~\n::: challenge\n:::\n~~~\n:::\n").count("<section") == 1


@pytest.mark.parametrize("opening", ["::: hint", ":::{.hint}", "::: {.hint}", "::: hint :::", "::::: {.hint #x}"])
def test_ways_to_open_a_fence(opening: str) -> None:
    if "#" in opening:
        opening = opening.replace(" #x", "")
    assert html(f"{opening}\nA\n:::\n") == (
        '<details class="callout-box hint">\n<summary>Hint</summary>\n<p>A</p>\n</details>\n'
    )


def test_fences_in_a_quotation_and_a_list() -> None:
    assert html("> ::: callout\n> A\n> :::\n").count("<section") == 1
    assert html("- a\n\n  ::: callout\n  A\n  :::\n- b\n").count("<li>") == 2


def test_a_title_that_says_what_the_label_says_stands_alone() -> None:
    page, problems = render("::: keypoints\n\n## Key points\n\n- A\n\n:::\n")
    assert problems == []
    assert page.html.startswith(
        '<section class="callout-box keypoints">\n<h2 class="callout-title" id="key-points">Key points</h2>\n<ul>'
    )


def test_headings_begin_at_two_and_keep_their_order() -> None:
    page, _ = render("# A\n\n### B\n\n# A\n", "Title")
    assert page.toc == (Heading(2, "A", "a"), Heading(4, "B", "b"), Heading(2, "A", "a-1"))
    page, _ = render("#### Deep\n\n##### Deeper\n", "Title")
    assert [heading.level for heading in page.toc] == [2, 3]


def test_a_first_heading_that_repeats_the_title_is_left_out() -> None:
    assert render("# The Title\n\nText\n", "The title")[0].html == "<p>Text</p>\n"
    assert render("# The Title\n\nText\n")[0].html == "<p>Text</p>\n"
    assert render("# Other\n\nText\n", "The title")[0].html == '<h2 id="other">Other</h2>\n<p>Text</p>\n'


def test_anchors_are_words_of_any_script_and_never_those_of_the_page() -> None:
    page, _ = render("## Größe & Maß!\n\n## Main\n\n## ---\n\n## 記号\n", "T")
    assert [heading.anchor for heading in page.toc] == ["größe-maß", "main-1", "section", "記号"]


def test_a_line_that_looks_like_a_grid_table_but_is_none_stays_text() -> None:
    assert html("```output\n+--[ED25519 256]--+\n|^B== o.          |\n+----[SHA256]-----+\n```\n").startswith(
        '<pre tabindex="0"><code class="language-output">+--[ED25519'
    )
    assert "<table" not in html("+--[ED25519 256]--+\n|^B== o.          |\n+----[SHA256]-----+\n")


def test_a_head_cell_with_nothing_in_it_heads_nothing() -> None:
    table = html("| | Minutes |\n| - | - |\n| Reading | 40 |\n")
    assert '<tr>\n<td></td>\n<th scope="col">Minutes</th>\n</tr>' in table
    assert "<th " not in html("|   |\n| - |\n| 40 |\n")


def test_grid_table_without_head_and_with_callout_and_figures_in_cells() -> None:
    body = "+-----------+---+\n| ::: hint  | b |\n| A         |   |\n| :::       |   |\n+-----------+---+\n"
    assert html(body) == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>\n<tbody>\n<tr>\n<td>\n'
        '<details class="callout-box hint">\n<summary>Hint</summary>\n<p>A</p>\n</details>\n</td>\n<td>b</td>\n'
        "</tr>\n</tbody>\n</table></div>\n"
    )


def test_faults_in_a_cell_have_their_line() -> None:
    _, problems = render("x\n\n+------------+\n| a          |\n| ![](a.png) |\n+------------+\n")
    assert [problem.line for problem in problems] == [5, 5]


def test_html_that_is_harmless_passes_and_the_rest_is_shown() -> None:
    body = "a <kbd>X</kbd><br/> <abbr title='World' lang=x>W</abbr>\n\n"
    body += "<details><summary>s</summary>\n\n*b*\n\n</details>\n"
    assert html(body) == (
        '<p>a <kbd>X</kbd><br> <abbr title="World">W</abbr></p>\n'
        "<details><summary>s</summary>\n<p><em>b</em></p>\n</details>\n"
    )
    page, problems = render('<form action="/x"><input name=a></form>\n\n<your name here>\n')
    assert '&lt;form action="/x"&gt;&lt;input name=a&gt;&lt;/form&gt;' in page.html
    assert "&lt;your name here&gt;" in page.html
    assert [(one.line, one.severity) for one in problems] == [
        (1, Severity.ERROR),
        (1, Severity.ERROR),
        (1, Severity.ERROR),
        (3, Severity.WARNING),
    ]


def test_html_comments_are_not_shown() -> None:
    assert html("a <!-- secret --> b\n\n<!-- more\n\nsecret -->\n") == "<p>a  b</p>\n\n"


def test_links_and_pictures_in_html_follow_the_same_rules() -> None:
    page, problems = render('<a href="javascript:x()">a</a> <img src="x.png"> <a href="https://example.org">b</a>\n')
    assert '<a>a</a> <span></span> <a href="https://example.org" rel="noopener">b</a>' in page.html
    assert len(problems) == 3


@pytest.mark.parametrize("attributes", ["{alt='it\\'s'}", '{.x alt="it\'s"}', "{#y alt='it\\'s'\nwidth=80%}"])
def test_attribute_lists_after_a_picture(attributes: str) -> None:
    page, _ = render(f"see ![]( x.png ){attributes}.\n")
    assert page.html == "<p>see <span>it's</span>.</p>\n"


def test_braces_that_are_no_attributes_stay_text() -> None:
    assert html("f{x} and `a`{b} {#c}\n") == "<p>f{x} and <code>a</code>{b} {#c}</p>\n"
    assert html("[https://example.org](https://example.org){x\n").endswith("</a>{x</p>\n")


def test_spans_carry_anchors_and_nothing_else() -> None:
    assert html("[*a*]{#here .big data-x='1' onclick='x'}\n") == '<p><span id="here"><em>a</em></span></p>\n'


def test_deep_nesting_is_said_and_does_not_raise() -> None:
    page, problems = render("![" * 3_000 + "a" + "](b)" * 3_000)
    assert page.html == "" or problems
    render("> " * 5_000 + "a")
    render("- " * 5_000 + "a")
    render("::: callout\n" * 3_000)
    render("[" * 20_000)
    render("{a='" * 20_000)


@pytest.mark.parametrize(
    "line", ["## a {}b", ":::{}!", "::: a{}}}x", "+--+{}", "![a](b){{{}", "<a{}x", "<p>{}x", "::: {{{}"]
)
def test_long_lines_are_read_in_no_time(line: str) -> None:
    render(line.format(" " * 200_000))
    render("+--" * 2_000 + "x")
