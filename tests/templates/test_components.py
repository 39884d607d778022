"""Components with awkward values."""

from types import SimpleNamespace

import pytest
from jinja2 import Template, UndefinedError

from tests.templates.examples import environment, frame
from tests.templates.markup import elements

HOSTILE = "\"><script>alert(1)</script>'"


def rendered(source: str, **values: object) -> str:
    template: Template = environment().from_string(source)
    return template.render(frame=frame(), **values)


def test_field_escapes_everything_it_is_given() -> None:
    html = rendered("{{ ui.field(x, x, x, hint=x, error=x, attrs={'hx-post': x}) }}", x=HOSTILE)
    assert "<script" not in html
    assert ("input", HOSTILE) in [(tag, attributes.get("value")) for tag, attributes in elements(html)]


def test_password_is_never_given_back() -> None:
    html = rendered("{{ ui.field('Password', 'password', 'secret', type='password') }}")
    assert "secret" not in html


def test_textarea_keeps_an_empty_first_line() -> None:
    html = rendered("{{ ui.textarea('Text', 'text', value) }}", value="\nsecond")
    assert ">\n\nsecond</textarea>" in html


def test_textarea_counts_words_without_script() -> None:
    html = rendered("{{ ui.textarea('Text', 'text', 'one  two\nthree', max_words=5) }}")
    assert '<span data-count-of="field-text">3</span> (at most 5)' in html


@pytest.mark.parametrize(
    ("required", "mark", "asked"),
    [("true", False, True), ("false", True, False), ("none", False, False)],
)
def test_field_says_whether_it_is_needed(required: str, mark: bool, asked: bool) -> None:  # noqa: FBT001
    html = rendered("{{ ui.field('Name', 'name', required=" + required + ") }}")
    assert ("(optional)" in html) is mark
    assert (" required" in html.replace(" is required", "")) is asked


def test_select_and_radios_compare_values_as_text() -> None:
    html = rendered("{{ ui.select('A', 'a', [(3, 'three')], '3') }}{{ ui.radios('B', 'b', [('3', 'three')], 3) }}")
    assert html.count(" selected") == 1
    assert html.count(" checked") == 1


def test_radios_without_a_value_choose_nothing() -> None:
    html = rendered("{{ ui.radios('B', 'b', [('None', 'none')]) }}")
    assert " checked" not in html


def test_pager_of_one_page_is_not_shown() -> None:
    assert rendered("{{ ui.pager('Page 1 of 1') }}") == ""


def test_table_cells_are_escaped_unless_made_by_a_component() -> None:
    html = rendered("{{ ui.table('T', ['a'], [[x], [ui.pill('Fine', 'good')]]) }}", x=HOSTILE)
    assert "<script" not in html
    assert '<span class="pill tone-good">' in html


def test_rubric_marks_the_level_that_was_judged() -> None:
    levels = [SimpleNamespace(key=key, title=key, descriptor=key) for key in ("low", "high")]
    criterion = SimpleNamespace(key="method", title="Method", description="", required_level="high", levels=levels)
    html = rendered("{{ ui.rubric([c], chosen={'method': 'low'}) }}", c=criterion)
    assert html.count("is-chosen") == 1
    assert html.index("is-chosen") < html.index("Demonstrated from this level up")


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ ui.icon('no-such-icon') }}")


def test_resend_gives_back_what_was_typed() -> None:
    page = SimpleNamespace(
        action="/x", message="It had grown old.", fields=(("note", HOSTILE, True), ("id", "7", False)), sign_in=""
    )
    html = environment().get_template("errors/resend.html").render(frame=frame(), page=page)
    assert "<script>alert" not in html
    assert [attributes["name"] for tag, attributes in elements(html) if tag == "textarea"] == ["note"]
    assert ("7", "id") in [(attributes.get("value"), attributes.get("name")) for _, attributes in elements(html)]


def test_error_fragment_is_one_the_script_lets_through() -> None:
    page = SimpleNamespace(title="Taken", message="By someone.", what_to_do="", link=("Back", "/"), number="")
    html = environment().get_template("errors/_fragment.html").render(page=page)
    assert html.lstrip().startswith('<div class="notice')
