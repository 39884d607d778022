"""Templates that speak a language: translated while they are compiled, as the same sentence is in code."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment, StrictUndefined

from fourweek.language import _, n_, p_, speaking
from fourweek.language.templates import let_speak
from tests.language.catalogues import compiled

SIX = ("لا ملفات", "ملف", "ملفان", "%(count)s ملفات", "%(count)s ملف", "%(count)s ملفًا")


@pytest.fixture
def arabic(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment that speaks Arabic out of a catalogue of four sentences."""
    catalog = Catalog(locale="ar")
    catalog.add("Due <b>%(when)s</b>, 50%%", "50%% <b>%(when)s</b> موعد")
    catalog.add(("%(count)s file", "%(count)s files"), SIX)
    catalog.add("Hello {name}", "مرحبا {name}")
    catalog.add("Open", "مفتوح", context="state")
    catalog.add(("{count} day", "{count} days"), tuple(words.replace("%(count)s", "{count}") for words in SIX))
    said = GNUTranslations(BytesIO(compiled(catalog)))
    monkeypatch.setattr("fourweek.language.catalogue", {"ar": said, "en": NullTranslations()}.__getitem__)
    monkeypatch.setattr("fourweek.language.templates.catalogue", lambda _code: said)
    env = Environment(autoescape=True, undefined=StrictUndefined)
    let_speak(env, "ar")
    return env


def test_values_stand_where_the_language_wants_them_and_are_escaped(arabic: Environment) -> None:
    template = arabic.from_string("{% trans when=page %}Due\n  <b>{{ when }}</b>, 50%{% endtrans %}")
    assert template.render(page="<i>") == "50% <b>&lt;i&gt;</b> موعد"


@pytest.mark.parametrize(("count", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (11, 5), (100, 4), (103, 3)])
def test_each_plural_form_is_chosen_by_its_count(arabic: Environment, count: int, form: int) -> None:
    source = "{% trans count=n %}{{ count }} file{% pluralize %}{{ count }} files{% endtrans %}"
    assert arabic.from_string(source).render(n=count) == SIX[form].replace("%(count)s", str(count))
    with speaking("ar"):
        assert n_("{count} day", "{count} days", count) == SIX[form].replace("%(count)s", str(count))


def test_expressions_say_what_code_says(arabic: Environment) -> None:
    with speaking("ar"):
        code = f"{_('Hello {name}', name='<')}|{p_('state', 'Open')}|{_('Not translated')}"
    template = arabic.from_string(
        '{{ _("Hello {name}", name="<") }}|{{ p_("state", "Open") }}|{{ _("Not translated") }}'
    )
    assert template.render() == code.replace("<", "&lt;") == "مرحبا &lt;|مفتوح|Not translated"


def test_english_is_said_as_it_is_written() -> None:
    env = Environment(autoescape=True)
    let_speak(env, "en")
    source = "{% trans count=n %}{{ count }} file, 5%{% pluralize %}{{ count }} files, 5%{% endtrans %}"
    assert [env.from_string(source).render(n=n) for n in (1, 2)] == ["1 file, 5%", "2 files, 5%"]
