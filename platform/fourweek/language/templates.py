"""Templates in a language: `{% trans %}` is translated while a template is compiled, so a page pays nothing for it."""

from collections.abc import Iterator
from functools import partial

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension

from fourweek.language import LANGUAGES, N_, Speech, catalogue
from fourweek.language.lists import all_of, any_of, in_a_row, quoted
from fourweek.language.stored import say

__all__ = ["Translated", "let_speak"]


class Translated(InternationalizationExtension):
    """`{% trans %}` as Jinja's own extension reads it; one environment speaks one language, its `language`."""

    def _make_node(  # type: ignore[override]
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,  # noqa: ARG002, FBT001
        num_called_num: bool,  # noqa: ARG002, FBT001
    ) -> nodes.Stmt | list[nodes.Node]:
        said = catalogue(self._language)
        if plural is None or plural_expr is None:
            text = said.gettext(singular) if context is None else said.pgettext(context, singular)
            return _output(text, variables)
        forms = self._forms(singular, plural, context)
        return _chosen(forms, plural_expr, variables)

    @property
    def _language(self) -> str:
        code: str = self.environment.language  # type: ignore[attr-defined]
        return code

    def _forms(self, singular: str, plural: str, context: str | None) -> list[str]:
        """Each plural form of the language, in the order of its rule."""
        said = catalogue(self._language)
        samples = _samples(self._language)
        if context is None:
            return [said.ngettext(singular, plural, count) for count in samples]
        return [said.npgettext(context, singular, plural, count) for count in samples]


def let_speak(env: Environment, code: str) -> None:
    """Let an environment speak one language, in `{% trans %}` and in expressions."""
    env.language = code  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension(Translated)
    env.newstyle_gettext = True  # type: ignore[attr-defined]

    speech = Speech(code)
    env.globals.update(_=speech.say, n_=speech.count, p_=speech.mean, N_=N_, plural_form=partial(_rule, code))
    env.globals.update(language=code, direction=LANGUAGES[code].direction, languages=tuple(LANGUAGES.values()))
    env.filters.update(_=speech.say, say=say, in_a_row=in_a_row, all_of=all_of, any_of=any_of, quoted=quoted)


def _rule(code: str, count: int) -> int:
    """Which plural form a count takes."""
    plural = getattr(catalogue(code), "plural", None)
    found: int = plural(count) if plural else int(count != 1)
    return found


def _samples(code: str) -> list[int]:
    """A count for each plural form of the language, in the order of the forms."""
    found: dict[int, int] = {}
    for count in range(1000):
        found.setdefault(_rule(code, count), count)
    return [found[form] for form in sorted(found)]


def _chosen(forms: list[str], count: nodes.Expr, variables: dict[str, nodes.Expr]) -> nodes.Stmt:
    """The last form, unless the count asks for an earlier one."""
    chosen: nodes.Stmt = _output(forms[-1], variables)
    for number in range(len(forms) - 2, -1, -1):
        rule = nodes.Call(nodes.Name("plural_form", "load"), [count], [], None, None)
        asked = nodes.Compare(rule, [nodes.Operand("eq", nodes.Const(number))])
        chosen = nodes.If(asked, [_output(forms[number], variables)], [], [chosen])
    return chosen


def _output(text: str, variables: dict[str, nodes.Expr]) -> nodes.Output:
    return nodes.Output(list(_parts(text, variables)))


def _parts(text: str, variables: dict[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """The text as it is, and the values where it says `%(name)s`; `%%` stands for one of these signs."""
    rest = text
    while rest:
        before, found, after = rest.partition("%(")
        if before:
            yield nodes.TemplateData(before.replace("%%", "%"))
        if not found:
            return
        name, _end, rest = after.partition(")s")
        yield variables[name]
