"""A wide table says on each cell what column it is in, in the words of its head."""

from markupsafe import Markup

from fourweek.table_cards import labelled
from tests.templates.markup import elements
from tests.templates.test_components import rendered

HEADS = (
    '<thead><tr><th scope="col">A</th><th scope="col" class="number">B "q" &amp; <b>c</b></th><th>C</th><th>D</th>'
    "</tr></thead>"
)


def table(body: str) -> str:
    return labelled(Markup(body))  # noqa: S704 written here


def cells(html: str) -> list[tuple[str, str]]:
    return [
        (tag, got.get("data-label", "")) for tag, got in elements(html) if tag in {"td", "th"} and "scope" not in got
    ]


def test_each_cell_says_its_column() -> None:
    body = f'{HEADS}<tbody><tr><th>r</th><td class="number">1</td><td>2</td><td>3</td></tr></tbody>'
    found = table(body)
    assert cells(found)[2:] == [("th", ""), ("td", 'B "q" & c'), ("td", "C"), ("td", "D")]
    assert '<td data-label="B &#34;q&#34; &amp; c" class="number">1</td>' in found


def test_a_cell_over_several_columns_moves_the_next_ones_on() -> None:
    found = table(f'{HEADS}<tfoot><tr><th colspan="2">Total</th><td>2</td><td>3</td></tr></tfoot>')
    assert cells(found)[2:] == [("th", ""), ("td", "C"), ("td", "D")]


def test_what_would_be_no_card_stays_a_table() -> None:
    narrow = HEADS.replace("<th>D</th>", "")
    for body in (
        f"{narrow}<tbody><tr><th>r</th><td>1</td><td>2</td></tr></tbody>",
        f"{HEADS.replace('<th>D', '<th colspan=2>D')}<tbody><tr><th>r</th></tr></tbody>",
        f"{HEADS}<tbody><tr><td>r</td><td>1</td></tr></tbody>",
        "<tbody><tr><td>1</td></tr></tbody>",
    ):
        assert table(body) == ""


def test_a_table_of_a_page_becomes_cards_and_escapes_as_before() -> None:
    hostile = "\"><script>alert(1)</script>'"
    html = rendered("{{ ui.table('T', ['a', x, 'c', 'd'], [[x, x, 1, 2]]) }}", x=hostile)
    assert "<script" not in html
    assert ("table", {"class": "table table-cards"}) in elements(html)
    assert [got.get("data-label") for tag, got in elements(html) if tag == "td"] == [hostile, "c", "d"]


def test_a_page_may_keep_a_table_as_it_is() -> None:
    source = "{% call ui.table_frame('T', cards=false) %}" + HEADS + "<tbody><tr><th>r</th></tr></tbody>{% endcall %}"
    assert 'class="table">' in rendered(source)
