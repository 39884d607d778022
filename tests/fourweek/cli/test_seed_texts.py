"""What learners hand in fits what the course asks for, and what graders say fits its rubrics."""

from functools import cache
from itertools import chain

import pytest

from assessments.assignments.models import RequirementKind
from assessments.assignments.package import ParsedAssignment, parse_assignments
from assessments.evidence.kinds import wrong_kind
from assessments.evidence.names import ending_of
from assessments.evidence.rules import count_words, link_problem, links_in
from courses.packages import read_package
from fourweek.cli.seed.chart import utilisation_png
from fourweek.cli.seed.coursework import ASSIGNMENTS
from fourweek.cli.seed.finished import FINISHED_TASKS
from fourweek.cli.seed.running import RUNNING_TASKS
from fourweek.cli.seed.voices import HOLE, VOICES
from fourweek.cli.seed.works import TEXTS, read_judgement, read_work
from fourweek.cli.seed.worksheets import EXAMPLES, daily_csv, month, worksheet

HANDED_IN = sorted({(who, week, work) for who, week, work, *_ in chain(FINISHED_TASKS, RUNNING_TASKS)})
WORKS = sorted({(week, work) for _, week, work in HANDED_IN})
UNFINISHED = {"alert-copied"}
BEGUN = {"alert-begun", "plan-begun"}
NOT_SHOWN = {"objective-uptime", "alert-processor"}


@cache
def assignments() -> dict[int, ParsedAssignment]:
    course, _ = read_package(EXAMPLES / "reliable-services")
    assert course is not None
    parsed, problems = parse_assignments(course)
    assert problems == []
    return {one.module_number: one for one in parsed}


def test_the_story_knows_the_assignments_of_the_course() -> None:
    assert {number: one.key for number, one in assignments().items()} == ASSIGNMENTS


@pytest.mark.parametrize(("who", "week", "name"), HANDED_IN)
def test_a_work_fits_what_is_asked(who: str, week: int, name: str) -> None:
    work = read_work(name, VOICES[who])
    asked = {one.key: one for one in assignments()[week].requirements}
    texts = {key for key, one in asked.items() if one.kind is RequirementKind.TEXT}
    assert set(work.texts) == texts
    for key, text in work.texts.items():
        assert (asked[key].min_words or 0) <= count_words(text) <= (asked[key].max_words or 10_000)
        assert not HOLE.search(text)
    for key, lines in work.links.items():
        assert len(links_in(lines)) <= (asked[key].max_links or 0)
        assert [link_problem(link) for link in links_in(lines)] == [""] * len(links_in(lines))
    for file in work.files:
        assert wrong_kind(ending_of(file.name), file.data[:1024], asked[file.key].accept) == ""
    for key in {file.key for file in work.files}:
        assert 1 <= sum(file.key == key for file in work.files) <= (asked[key].max_files or 0)


def test_nothing_in_the_texts_is_left_over() -> None:
    assert {path.name for path in TEXTS.iterdir()} == {work for _, work in WORKS} | BEGUN


@pytest.mark.parametrize(("week", "name"), WORKS)
def test_a_judgement_fits_the_rubric(week: int, name: str) -> None:
    said, criteria = read_judgement(name), {one.key: one for one in assignments()[week].criteria}
    if said.message:
        assert not said.scoring.levels
        return
    levels = said.scoring.levels
    assert set(levels) <= set(criteria)
    assert (set(levels) == set(criteria)) is (name not in UNFINISHED)
    assert set(said.scoring.comments) <= set(criteria)
    for key, level in levels.items():
        assert level in {one.key for one in criteria[key].levels}
    met = {key for key, level in levels.items() if level != "not-yet"}
    assert (met == set(levels)) is (name not in NOT_SHOWN)


def test_not_yet_is_said_with_a_comment_on_every_criterion() -> None:
    for name in NOT_SHOWN:
        said = read_judgement(name).scoring
        assert set(said.comments) == set(said.levels)
        assert said.comment


@pytest.mark.parametrize("who", sorted(VOICES))
def test_a_worksheet_adds_up_to_what_the_text_says(who: str) -> None:
    voice, days = VOICES[who], month(VOICES[who])
    assert sum(day.eligible for day in days) == voice.number(429_031)
    assert sum(day.bad for day in days) == voice.number(492)
    assert min(min(day.eligible, day.errors, day.slow) for day in days) >= 0
    assert f"| {voice.number(429_031):,} |" in worksheet(voice)
    last = daily_csv(voice).splitlines()[-1]
    assert last.endswith(f",{voice.number(492)},{sum(d.bad for d in days) / voice.number(429_031) * 1000:.1%}")


def test_a_hole_that_nothing_fills_is_refused() -> None:
    voice = VOICES["jonas"]
    assert voice.fill("{Users} of {service}: {1500}") == "Passengers of Skerry Ferries: 1,500"
    with pytest.raises(KeyError):
        voice.fill("{nobody}")


def test_the_chart_is_a_small_png() -> None:
    assert utilisation_png().startswith(b"\x89PNG")
    assert len(utilisation_png()) < 30_000
