"""What course.toml says, checked key by key; no file but the manifest is read here."""

import hashlib
import re
import tomllib
from collections.abc import Mapping

from courses.catalogue.models import LessonKind
from courses.packages.credit import check_events, read_activity, read_credit
from courses.packages.fields import Document, Fields, without_repeats
from courses.packages.lines import TomlLines, toml_lines
from courses.packages.models import (
    ParsedActivity,
    ParsedAlignment,
    ParsedAuthor,
    ParsedCompetency,
    ParsedCredit,
    Problem,
    Severity,
)
from fourweek.language import _
from fourweek.light import dataclass

FORMAT = 1
CODE = re.compile(r"[a-z0-9-]{2,60}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
WHERE = re.compile(r"\(at line (\d+), column \d+\)")
LEAST_COUNTED_MINUTES = 30
LICENCE, PRICE, SKILL, SHORT, MIDDLE, LONG = 100, 100, 100, 200, 500, 1_000
ICON, MOST_MONTHS = 40, 600
MOST_ALIGNMENTS, CODE_LONGEST, TITLE_LONGEST, ADDRESS_LONGEST = 20, 200, 300, 2_000
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A [[module.lesson]]; empty texts mean "not said"."""

    fields: Fields
    file: str
    title: str
    slug: str
    minutes: int | None
    kind: LessonKind


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    """A [[module.assignment]]: what the pages need of it, key and instructions, and the table as it is."""

    fields: Fields
    key: str
    instructions: str


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    fields: Fields
    number: int
    title: str
    summary: str
    activities: tuple[ParsedActivity, ...]
    lessons: tuple[LessonEntry, ...]
    assignments: tuple[AssignmentEntry, ...]

    @property
    def counted_minutes(self) -> int:
        return sum(part.minutes for part in self.activities if part.countable)

    @property
    def is_assessed(self) -> bool:
        return any(entry.fields.table.get("required", True) is not False for entry in self.assignments)


@dataclass(frozen=True, slots=True)
class AchievementEntry:
    fields: Fields
    name: str
    description: str
    criteria: str
    icon: str
    picture: str
    valid_months: int


@dataclass(frozen=True, slots=True)
class Manifest:
    course: Fields
    code: str
    title: str
    summary: str
    description: str
    language: str
    version: str
    licence: str
    partner: str
    price: str
    attribution: str
    skills: tuple[str, ...]
    authors: tuple[ParsedAuthor, ...]
    achievement: AchievementEntry
    credit: ParsedCredit
    competencies: tuple[ParsedCompetency, ...]
    modules: tuple[ModuleEntry, ...]


def load_toml(file: str, data: bytes) -> tuple[Mapping[str, object] | None, Document]:
    """The table of a TOML file and its lines; None with one problem where it is no TOML."""
    document = Document(file, TomlLines({}))
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        document.problems.append(Problem(file, line, _("The file is not UTF-8 text.")))
        return None, document
    except (ValueError, RecursionError) as error:
        document.problems.append(_toml_problem(file, data, error))
        return None, document
    return table, Document(file, toml_lines(text), sha256=hashlib.sha256(data).hexdigest())


def source_folder(table: Mapping[str, object]) -> str:
    """The folder that the manifest names; "." where it says nothing that can be used."""
    source = table.get("source", ".")
    return source if isinstance(source, str) else "."


def read_manifest(table: Mapping[str, object], document: Document) -> Manifest:
    """Everything in the manifest; problems go to the document."""
    top = Fields(document, (), table)
    if top.whole("format", required=True) not in {FORMAT, None}:
        top.say("format", _("This program reads format {format}.", format=FORMAT))
    top.text("source", required=False)
    course, credit = top.one("course"), read_credit(top.one("credit"))
    competencies = _competencies(top.many("competency", least=1))
    achievement = _achievement(top.one("achievement"))
    modules = [_module(fields, number) for number, fields in enumerate(top.many("module", least=1), 1)]
    _unique_keys(modules)
    _enough_minutes(top, modules)
    check_events(credit, [(one.fields, one.counted_minutes, one.is_assessed) for one in modules])
    manifest = Manifest(
        course=course,
        code=_matching(course, "code", CODE, "2 to 60 small letters a to z, digits and hyphens"),
        title=course.text("title", longest=SHORT, printed=True),
        summary=course.text("summary", longest=MIDDLE),
        description=course.text("description", required=False),
        language=_matching(course, "language", LANGUAGE, 'a language code such as "en"'),
        version=_matching(course, "version", VERSION, 'two numbers, such as "1.0"'),
        licence=course.text("licence", longest=LICENCE),
        partner=course.text("partner", required=False, longest=SHORT),
        price=course.text("price", required=False, longest=PRICE),
        attribution=course.text("attribution", required=False, longest=MIDDLE),
        skills=course.texts("skills", required=True, longest=SKILL),
        authors=tuple(_author(fields) for fields in course.many("authors", least=1)),
        achievement=achievement,
        credit=credit,
        competencies=competencies,
        modules=tuple(modules),
    )
    for fields in (top, course):
        fields.finish()
    return manifest


def _author(fields: Fields) -> ParsedAuthor:
    author = ParsedAuthor(fields.text("name", longest=SHORT), fields.text("background", required=False, longest=LONG))
    fields.finish()
    return author


def _achievement(fields: Fields) -> AchievementEntry:
    entry = AchievementEntry(
        fields,
        fields.text("name", longest=SHORT),
        fields.text("description", longest=LONG),
        fields.text("criteria", longest=LONG),
        fields.text("icon", required=False, longest=ICON),
        fields.text("picture", required=False, longest=SHORT),
        fields.whole("valid_months", most=MOST_MONTHS) or 0,
    )
    if entry.icon and entry.picture:
        fields.say("icon", _("The badge has a picture of its own, so no icon is drawn on it; say one or the other."))
    fields.finish()
    return entry


def _competencies(tables: list[Fields]) -> tuple[ParsedCompetency, ...]:
    found = []
    for fields in tables:
        found.append(
            ParsedCompetency(
                fields.key("key"),
                fields.text("title", longest=SHORT, printed=True),
                fields.text("description", longest=LONG),
                _aligned(fields),
            )
        )
        fields.finish()
    without_repeats(zip(tables, [entry.key for entry in found], strict=True), "competency")
    return tuple(found)


def _aligned(fields: Fields) -> tuple[ParsedAlignment, ...] | None:
    """The outside skills that a competency names; whether a framework is there is known when it is published."""
    if "align" not in fields.table:
        return None
    tables = fields.many("align")
    found = []
    for entry in tables:
        url = entry.text("url", required=False, longest=ADDRESS_LONGEST)
        if url and not WEB_ADDRESS.fullmatch(url):
            entry.say("url", _('"{url}" is no address that begins with https:// or http://.', url=url[:80]))
        framework, code = entry.key("framework"), entry.text("code", longest=CODE_LONGEST)
        title = entry.text("title", required=False, longest=TITLE_LONGEST)
        found.append(ParsedAlignment(framework, code, title, url))
        entry.finish()
    if len(found) > MOST_ALIGNMENTS:
        fields.say(
            "align",
            _(
                "A competency is aligned with {count} skills; at most {most_alignments} fit.",
                count=len(found),
                most_alignments=MOST_ALIGNMENTS,
            ),
        )
    without_repeats(zip(tables, [f"{one.framework} {one.code}" for one in found], strict=True), "skill", key="code")
    return tuple(found)


def _module(fields: Fields, number: int) -> ModuleEntry:
    lessons = tuple(_lesson(entry) for entry in fields.many("lesson"))
    assignments = tuple(_assignment(entry) for entry in fields.many("assignment"))
    module = ModuleEntry(
        fields=fields,
        number=number,
        title=fields.text("title", longest=SHORT, printed=True),
        summary=fields.text("summary", longest=LONG),
        activities=tuple(read_activity(entry) for entry in fields.many("activity", least=1)),
        lessons=lessons,
        assignments=assignments,
    )
    if not lessons and not assignments:
        fields.document.say(fields.path, _("The module has neither a lesson nor an assignment."))
    fields.finish()
    return module


def _lesson(fields: Fields) -> LessonEntry:
    entry = LessonEntry(
        fields=fields,
        file=fields.text("file", longest=SHORT),
        title=fields.text("title", required=False, longest=SHORT),
        slug=fields.key("slug") if "slug" in fields.table else "",
        minutes=fields.whole("minutes", most=10_000),
        kind=fields.choice("kind", LessonKind.LESSON, required=False),
    )
    fields.finish(also=["slug"])
    return entry


def _assignment(fields: Fields) -> AssignmentEntry:
    """Only what links and pages need; `assessments` reads the whole table and says what is wrong in it."""
    key, instructions = fields.table.get("key"), fields.table.get("instructions")
    return AssignmentEntry(
        fields,
        key if isinstance(key, str) else "",
        instructions.strip() if isinstance(instructions, str) else "",
    )


def _unique_keys(modules: list[ModuleEntry]) -> None:
    assignments = [(entry.fields, entry.key) for module in modules for entry in module.assignments]
    without_repeats(assignments, "assignment")


def _enough_minutes(top: Fields, modules: list[ModuleEntry]) -> None:
    counted = [module.counted_minutes for module in modules]
    if modules and sum(counted) < LEAST_COUNTED_MINUTES:
        top.say(
            "module",
            _(
                "The course counts {counted} minutes; credit needs at least {least_counted_minutes}.",
                counted=sum(counted),
                least_counted_minutes=LEAST_COUNTED_MINUTES,
            ),
        )
        return
    for module, minutes in zip(modules, counted, strict=True):
        if not minutes and module.activities:
            words = _("No activity of this module is countable; it earns no credit.")
            module.fields.document.say(module.fields.path, words, Severity.WARNING)


def _matching(fields: Fields, key: str, pattern: re.Pattern[str], wanted: str) -> str:
    text = fields.text(key)
    if text and not pattern.fullmatch(text):
        fields.say(key, _('"{text}" is not {wanted}.', text=text[:80], wanted=wanted))
        return ""
    return text


def _toml_problem(file: str, data: bytes, error: Exception) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(file, None, _("The file is nested too deeply to be read."))
    where = WHERE.search(str(error))
    line = int(where[1]) if where else data.rstrip().count(b"\n") + 1
    words = WHERE.sub("", str(error)).replace("(at end of document)", "at the end of the file").strip().rstrip(".")
    return Problem(file, line, _("This is not valid TOML: {value}.", value=words))
