"""No sentence is left out: what people read is said through a catalogue, and can be translated."""

import ast

from tests.house.sources import CODE, name, python_files, templates, tree
from tests.language.exempt import FOLDERS, SENTENCES
from tests.language.gathering import saying_calls
from tests.language.unmarked import in_code, in_template


def test_no_sentence_of_a_template_is_left_out() -> None:
    assert [line for path in templates() if _looked_at(name(path)) for line in in_template(path) if _is_one(line)] == []


def test_no_sentence_of_the_code_is_left_out() -> None:
    found = [line for path in python_files(*CODE) if _looked_at(name(path)) for line in in_code(path) if _is_one(line)]
    assert found == []


def _looked_at(path: str) -> bool:
    return not path.startswith(FOLDERS)


def _is_one(line: str) -> bool:
    place, _number, words = line.split(":", 2)
    return not any(place == file and words.strip(" '\"").startswith(first) for file, first in SENTENCES)


def test_what_says_sentences_is_no_name_to_throw_away() -> None:
    """A function that says something and also puts a value into `_` would fail when it says it."""
    found = []
    for path in python_files(*CODE):
        says = {id(call) for call in saying_calls(path) if isinstance(call.func, ast.Name) and call.func.id == "_"}
        for made in ast.walk(tree(path)) if says else ():
            if isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef) and _throws_away(made):
                found += [f"{name(path)}: {made.name}" for node in ast.walk(made) if id(node) in says]
    assert found == []


def _throws_away(made: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    inside = {
        id(one) for loop in ast.walk(made) if isinstance(loop, ast.comprehension) for one in ast.walk(loop.target)
    }
    named = (node for node in ast.walk(made) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return any(node.id == "_" and id(node) not in inside for node in named)
