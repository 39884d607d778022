"""What there is to say: every message of the code and the templates, with the places that say it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2.ext import babel_extract

from tests.house.sources import CODE, name, python_files, templates, text, tree

SAYING = {"_": 0, "N_": 0, "n_": 0, "p_": 1, "NP_": 1}
"""The functions that say something, and which of their arguments is the message."""
OPTIONS = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
OF_TEMPLATES = ("_", "N_", "n_", "p_", "gettext", "ngettext", "pgettext", "npgettext")


class PutTogether(ValueError):
    """A message made of pieces, which nobody could translate."""


class Said(NamedTuple):
    """A message: its context ("" for none), its words, those for many ("" where there is one form), its place."""

    context: str
    one: str
    many: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.one


def all_said() -> Iterator[Said]:
    """Every message, file by file."""
    for path in python_files(*CODE):
        yield from of_code(path)
    for path in templates():
        yield from of_template(path)


def of_code(path: Path) -> Iterator[Said]:
    """Raises PutTogether."""
    for call in saying_calls(path):
        assert isinstance(call.func, ast.Name)
        at = SAYING[call.func.id]
        words = [_constant(one, path) for one in call.args[: at + 1 + (call.func.id == "n_")]]
        if None in words[at:]:
            continue
        yield Said(
            (words[0] or "") if at else "",
            words[at] or "",
            (words[1] or "") if call.func.id == "n_" else "",
            name(path),
        )


def saying_calls(path: Path) -> Iterator[ast.Call]:
    if "fourweek.language import" in text(path):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING and node.args:
                yield node


def _constant(node: ast.expr, path: Path) -> str | None:
    """The text of a literal; None for a value, which was marked where it was made."""
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        raise PutTogether(f"{name(path)}:{node.lineno}: a message is put together; name its values instead")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def of_template(path: Path) -> Iterator[Said]:
    with path.open("rb") as opened:
        for _line, function, words, _comments in babel_extract(opened, OF_TEMPLATES, (), OPTIONS):
            found = words if isinstance(words, tuple) else (words,)
            if not all(isinstance(one, str) for one in found[:1]):
                continue
            said = [one for one in found if isinstance(one, str)]
            context = said.pop(0) if function in {"p_", "pgettext", "npgettext"} else ""
            yield Said(context, said[0], said[1] if function in {"n_", "ngettext", "npgettext"} else "", name(path))
