"""The assignment part of a course package: what is asked, and the rubric by which it is judged. Pure."""

import re

from assessments.assignments.models import RequirementKind
from assessments.assignments.rule_package import read_rule
from assessments.checks.package import CHECK_OPTIONS, ParsedCheck, read_check
from assessments.deciding.rules import Ladder, Rule
from courses.packages.fields import Document, Fields, without_repeats
from courses.packages.models import ParsedCourse, Problem, RawAssignment, Severity
from courses.packages.suggestions import did_you_mean
from fourweek.language import N_, _
from fourweek.light import dataclass

SHORT, LONG, LONGEST_EXEMPLAR = 200, 2_000, 6_000
MOST_WORDS = 10_000
MOST_FILES = 20
MOST_LINKS = 20
MOST_ATTEMPTS = 20
FEWEST_LEVELS, MOST_LEVELS = 2, 6
SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


OPTIONS: dict[RequirementKind, tuple[str, ...]] = {
    RequirementKind.TEXT: ("min_words", "max_words"),
    RequirementKind.FILES: ("max_files", "accept"),
    RequirementKind.LINKS: ("max_links",),
    RequirementKind.CHECK: CHECK_OPTIONS,
}


@dataclass(frozen=True, slots=True)
class ParsedRequirement:
    """One evidence slot; `prompt_html` is inline. Numbers are None where the kind has no such limit or none is set.

    `check` is there for a knowledge check alone.
    """

    key: str
    title: str
    prompt: str
    prompt_html: str
    kind: RequirementKind
    required: bool
    min_words: int | None
    max_words: int | None
    max_files: int | None
    accept: tuple[str, ...]
    max_links: int | None
    check: ParsedCheck | None = None


@dataclass(frozen=True, slots=True)
class ParsedLevel:
    """`exemplar` is short Markdown, `exemplar_html` what it was rendered to; both "" where there is none."""

    key: str
    title: str
    descriptor: str
    exemplar: str = ""
    exemplar_html: str = ""


@dataclass(frozen=True, slots=True)
class ParsedCriterion:
    """`levels` stand lowest first; `required_level` is the lowest that demonstrates the criterion."""

    key: str
    title: str
    description: str
    competency: str
    judged_on: tuple[str, ...]
    required_level: str
    levels: tuple[ParsedLevel, ...]

    @property
    def ladder(self) -> Ladder:
        return Ladder(self.key, tuple(level.key for level in self.levels), self.required_level)


@dataclass(frozen=True, slots=True)
class ParsedAssignment:
    """What a module asks for, `number` counted within it from 1; `max_attempts` None means no limit.

    `rule` is None where the package says nothing of how levels become an outcome.
    """

    module_number: int
    number: int
    key: str
    title: str
    instructions_html: str
    instructions_text: str
    required: bool
    max_attempts: int | None
    requirements: tuple[ParsedRequirement, ...]
    criteria: tuple[ParsedCriterion, ...]
    rule: Rule | None = None


def parse_assignments(course: ParsedCourse) -> tuple[tuple[ParsedAssignment, ...], list[Problem]]:
    """Every assignment of the course in order, and everything that is wrong with them.

    They are as complete as their problems allow and may be stored only where `has_errors` says no.
    """
    raws = [raw for module in course.modules for raw in module.assignments]
    parsed = [parse_assignment(raw) for raw in raws]
    problems = [problem for _, found in parsed for problem in found]
    assignments = tuple(assignment for assignment, _ in parsed)
    return assignments, problems + _unassessed(course, assignments, raws)


def parse_assignment(raw: RawAssignment) -> tuple[ParsedAssignment, list[Problem]]:
    """One assignment; its key is checked against those of others where the manifest is read."""
    document = Document(raw.file, raw.lines)
    fields = Fields(document, raw.path, raw.table)
    fields.text("instructions")
    tables = fields.many("requirement", least=1)
    requirements = tuple(_requirement(entry) for entry in tables)
    without_repeats(zip(tables, [one.key for one in requirements], strict=True), "requirement")
    criteria = _criteria(fields, raw, requirements)
    assignment = ParsedAssignment(
        module_number=raw.module_number,
        number=raw.number,
        key=fields.key("key"),
        title=fields.text("title", longest=SHORT),
        instructions_html=raw.page.html if raw.page else "",
        instructions_text=raw.page.text if raw.page else "",
        required=fields.flag("required", default=True),
        max_attempts=fields.whole("max_attempts", most=MOST_ATTEMPTS),
        requirements=requirements,
        criteria=criteria,
        rule=read_rule(fields, [one.ladder for one in criteria]),
    )
    if requirements and not any(one.required for one in requirements):
        document.say(fields.path, _("No requirement is required; an empty submission could be handed in."))
    _unjudged(tables, assignment)
    fields.finish()
    return assignment, document.problems


def _requirement(fields: Fields) -> ParsedRequirement:
    kind = fields.choice("kind", RequirementKind.TEXT)
    prompt = fields.text("prompt", longest=LONG)
    from courses.packages.prompts import render_prompt  # noqa: PLC0415 a server's start needs no Markdown

    html, problems = render_prompt(fields.document, (*fields.path, "prompt"), prompt)
    fields.document.problems += problems
    requirement = ParsedRequirement(
        key=fields.key("key"),
        title=fields.text("title", longest=SHORT),
        prompt=prompt,
        prompt_html=html,
        kind=kind,
        required=fields.flag("required", default=True),
        min_words=fields.whole("min_words", most=MOST_WORDS),
        max_words=fields.whole("max_words", most=MOST_WORDS),
        max_files=fields.whole("max_files", most=MOST_FILES),
        accept=_accept(fields),
        max_links=fields.whole("max_links", most=MOST_LINKS),
        check=read_check(fields) if kind is RequirementKind.CHECK else None,
    )
    _fitting_options(fields, kind)
    if requirement.min_words and requirement.max_words and requirement.min_words > requirement.max_words:
        words = _("From {least} to {most} words is no range.", least=requirement.min_words, most=requirement.max_words)
        fields.say("min_words", words)
    fields.finish(also=CHECK_OPTIONS)
    return requirement


def _accept(fields: Fields) -> tuple[str, ...]:
    endings = tuple(ending.lower() for ending in fields.texts("accept"))
    for ending in endings:
        if not SUFFIX.fullmatch(ending):
            words = _('"{ending}" is no file ending; write it with its dot, such as ".pdf".', ending=ending)
            fields.say("accept", words)
    return endings


def _fitting_options(fields: Fields, kind: RequirementKind) -> None:
    """Say which options belong to another kind of requirement."""
    for owner, names in OPTIONS.items():
        for name in names:
            if owner is not kind and name in fields.table:
                words = _(
                    '"{name}" belongs to a requirement of kind "{owner}"; this one is "{kind}".',
                    name=name,
                    owner=owner,
                    kind=kind,
                )
                fields.say(name, words)


def _criteria(
    fields: Fields, raw: RawAssignment, requirements: tuple[ParsedRequirement, ...]
) -> tuple[ParsedCriterion, ...]:
    tables = fields.many("criterion", least=1)
    criteria = tuple(_criterion(entry, raw, requirements) for entry in tables)
    without_repeats(zip(tables, [one.key for one in criteria], strict=True), "criterion")
    return criteria


def _criterion(fields: Fields, raw: RawAssignment, requirements: tuple[ParsedRequirement, ...]) -> ParsedCriterion:
    levels = _levels(fields)
    criterion = ParsedCriterion(
        key=fields.key("key"),
        title=fields.text("title", longest=SHORT),
        description=fields.text("description", longest=LONG),
        competency=fields.key("competency"),
        judged_on=fields.texts("judged_on", required=True),
        required_level=fields.key("required_level"),
        levels=levels,
    )
    _known(
        fields, "competency", criterion.competency, raw.competencies, N_('"{name}" is not a competency of this course.')
    )
    _judgeable(fields, criterion, requirements)
    if len(set(criterion.judged_on)) < len(criterion.judged_on):
        fields.say("judged_on", _("A requirement is named twice."))
    _reachable(fields, criterion)
    fields.finish()
    return criterion


def _judgeable(fields: Fields, criterion: ParsedCriterion, requirements: tuple[ParsedRequirement, ...]) -> None:
    """A criterion is judged on evidence that a grader reads; a knowledge check is marked by itself."""
    keys = tuple(one.key for one in requirements)
    checks = {one.key for one in requirements if one.kind is RequirementKind.CHECK}
    for key in criterion.judged_on:
        _known(fields, "judged_on", key, keys, N_('"{name}" is not a requirement of this assignment.'))
        if key in checks:
            words = _('"{key}" is a knowledge check, which marks itself; judge on something else.', key=key)
            fields.say("judged_on", words)


def _levels(fields: Fields) -> tuple[ParsedLevel, ...]:
    tables = fields.many("level")
    if not FEWEST_LEVELS <= len(tables) <= MOST_LEVELS:
        words = _(
            "A criterion has {fewest} to {most} levels; this one has {number}.",
            fewest=FEWEST_LEVELS,
            most=MOST_LEVELS,
            number=len(tables),
        )
        fields.document.say(fields.path, words)
    levels = []
    for entry in tables:
        title = entry.text("title", longest=SHORT)
        key, descriptor = entry.key("key"), entry.text("descriptor", longest=LONG)
        levels.append(ParsedLevel(key, title, descriptor, *_exemplar(entry)))
        entry.finish()
    without_repeats(zip(tables, [level.key for level in levels], strict=True), "level")
    return tuple(levels)


def _exemplar(fields: Fields) -> tuple[str, str]:
    """An example of evidence at this level, as it is written and rendered."""
    text = fields.text("exemplar", required=False, longest=LONGEST_EXEMPLAR)
    if not text or len(text) > LONGEST_EXEMPLAR:
        return text, ""
    from courses.typed_markdown import to_html  # noqa: PLC0415 a server's start needs no Markdown

    return text, to_html(text)


def _reachable(fields: Fields, criterion: ParsedCriterion) -> None:
    keys = [level.key for level in criterion.levels]
    _known(
        fields,
        "required_level",
        criterion.required_level,
        tuple(keys),
        N_('"{name}" is not a level of this criterion.'),
    )
    if keys and criterion.required_level == keys[0]:
        fields.say("required_level", _("The required level is the lowest: nothing could fail to reach it."))


def _known(fields: Fields, key: str, name: str, names: tuple[str, ...], otherwise: str) -> None:
    if name and name not in names:
        fields.say(key, _(otherwise, name=name) + did_you_mean(name, names))


def _unjudged(tables: list[Fields], assignment: ParsedAssignment) -> None:
    """A piece of evidence that no criterion looks at is asked for in vain."""
    judged = {key for criterion in assignment.criteria for key in criterion.judged_on}
    for fields, requirement in zip(tables, assignment.requirements, strict=True):
        if requirement.key and requirement.key not in judged and requirement.kind is not RequirementKind.CHECK:
            fields.say("key", _('No criterion is judged on "{key}".', key=requirement.key), Severity.WARNING)


def _unassessed(
    course: ParsedCourse, assignments: tuple[ParsedAssignment, ...], raws: list[RawAssignment]
) -> list[Problem]:
    """Competencies that the course claims and nothing judges."""
    if not raws:
        return []
    judged = {criterion.competency for assignment in assignments for criterion in assignment.criteria}
    document = Document(raws[0].file, raws[0].lines)
    for index, competency in enumerate(course.competencies):
        if competency.key and competency.key not in judged:
            words = _('No criterion judges the competency "{key}".', key=competency.key)
            document.say(("competency", index), words, Severity.WARNING)
    return document.problems
