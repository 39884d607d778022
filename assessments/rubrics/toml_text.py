"""A rubric written as a course package holds it, to be pasted below an assignment. Pure."""

import json
from collections.abc import Iterable, Iterator, Sequence

from assessments.assignments.package import ParsedCriterion, ParsedLevel
from courses.packages.models import ParsedAlignment, ParsedCompetency

CRITERION, LEVEL = "[[module.assignment.criterion]]", "[[module.assignment.criterion.level]]"


def written(source: str, criteria: Sequence[ParsedCriterion], competencies: Sequence[ParsedCompetency]) -> str:
    """The rubric's criteria, then the competencies they judge; its first line says that they are from `source`."""
    needs = ", ".join(dict.fromkeys(key for one in criteria for key in one.judged_on))
    lines = [
        f"# From {_plain(source)}. Paste it below an assignment whose requirements have these keys: {needs}.",
        "# Leave out a competency at the end that your course declares already.",
        *(line for one in criteria for line in _criterion(one)),
        *(line for one in competencies for line in _competency(one)),
    ]
    return "\n".join(lines) + "\n"


def _criterion(one: ParsedCriterion) -> Iterator[str]:
    yield from ("", CRITERION, f'key = "{one.key}"', f"title = {_text(one.title)}")
    yield f"description = {_text(one.description)}"
    yield f'competency = "{one.competency}"'
    yield f"judged_on = {_texts(one.judged_on)}"
    yield f'required_level = "{one.required_level}"'
    for level in one.levels:
        yield from _level(level)


def _level(one: ParsedLevel) -> Iterator[str]:
    yield from ("", LEVEL, f'key = "{one.key}"', f"title = {_text(one.title)}")
    yield f"descriptor = {_text(one.descriptor)}"
    if one.exemplar:
        yield f"exemplar = {_text(one.exemplar)}"


def _competency(one: ParsedCompetency) -> Iterator[str]:
    yield from ("", "[[competency]]", f'key = "{one.key}"', f"title = {_text(one.title)}")
    yield f"description = {_text(one.description)}"
    if one.align:
        yield "align = ["
        yield from (f"  {_alignment(skill)}," for skill in one.align)
        yield "]"


def _alignment(one: ParsedAlignment) -> str:
    said = {"framework": one.framework, "code": one.code, "title": one.title, "url": one.url}
    return "{ " + ", ".join(f"{key} = {_one_line(value)}" for key, value in said.items() if value) + " }"


def _text(value: str) -> str:
    """A TOML string; several lines stay several lines."""
    if "\n" not in value:
        return _one_line(value)
    return '"""\n' + "\n".join(_one_line(line)[1:-1] for line in value.split("\n")) + '"""'


def _one_line(value: str) -> str:
    """JSON escapes what TOML wants escaped, and TOML reads every escape that JSON writes."""
    return json.dumps(value, ensure_ascii=False)


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_one_line, values)) + "]"


def _plain(words: str) -> str:
    """Words for a comment, which ends with its line."""
    return " ".join(words.split())
