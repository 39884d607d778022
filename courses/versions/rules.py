"""What differs between two versions of a course, in words, and whom of a cohort it concerns. Pure.

A module is known by its number, a lesson by its module and slug, an assignment by its key within the course.
"""

from collections.abc import Iterable, Mapping, Sequence

from courses.catalogue.rules import Number
from courses.coursework import PublicAssignment, PublicCriterion, Work, WorkState
from courses.learning.outline import ModuleOutline
from courses.learning.words import work_pill
from courses.schedule.words import say_minutes
from fourweek.language import N_, _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

NEW = {
    True: N_("“{title}” is new, needed for the module."),
    False: N_("“{title}” is new, not needed for the module."),
}
NEEDED = {
    True: N_("“{title}” is needed for the module from now on."),
    False: N_("“{title}” is not needed for the module from now on."),
}


@dataclass(frozen=True, slots=True)
class Content:
    """One version with what it consists of and asks for."""

    number: Number
    modules: tuple[ModuleOutline, ...]
    assignments: tuple[PublicAssignment, ...]

    def minutes(self) -> dict[int, int]:
        return {one.number: one.counted_minutes for one in self.modules}

    def by_key(self) -> dict[str, PublicAssignment]:
        return {one.key: one for one in self.assignments}


@dataclass(frozen=True, slots=True)
class ModuleChange:
    """What changes in one module; `words` a sentence each."""

    number: int
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one learner stands before a move: ids of lessons read, work by posted decisions, modules credited."""

    reads: frozenset[str]
    work: tuple[Work, ...]
    credited: frozenset[int]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move means for one learner: how many lessons that go were read, begun work that changes, each with
    whether it is still asked for, and the numbers of credited modules that change."""

    unread: int
    work: tuple[tuple[Work, bool], ...]
    credited: tuple[int, ...]

    @property
    def drafts(self) -> int:
        return sum(one.state is WorkState.DRAFT for one, _asked in self.work)

    @property
    def waiting(self) -> int:
        return sum(one.state is WorkState.SUBMITTED for one, _asked in self.work)

    @property
    def judged(self) -> int:
        return len(self.work) - self.drafts - self.waiting

    @property
    def words(self) -> tuple[str, ...]:
        """A sentence for each thing, in the language spoken; none where nothing of theirs is touched."""
        read = n_("Has read {count} of the lessons that go.", "Has read {count} of the lessons that go.", self.unread)
        return (
            *((read,) if self.unread else ()),
            *(_say_work(one, is_asked=asked) for one, asked in self.work),
            *map(_say_credit, self.credited),
        )


def module_changes(old: Content, new: Content) -> tuple[ModuleChange, ...]:
    """What changes in each module, those in which nothing does left out."""
    before, after = {m.number: m for m in old.modules}, {m.number: m for m in new.modules}
    found = []
    for number in sorted(before.keys() | after.keys()):
        then, now = before.get(number), after.get(number)
        words = (*_module_words(then, now), *_work_words(number, old.by_key(), new.by_key()))
        if words:
            found.append(ModuleChange(number, (now or then or before[number]).title, words))
    return tuple(found)


def effect(standing: Standing, old: Content, new: Content) -> Effect:
    """What moving from `old` to `new` touches of what one learner has read, typed, handed in and been credited."""
    gone = lessons_gone(old, new)
    before, after = old.by_key(), new.by_key()
    touched = [
        one
        for one in standing.work
        if one.state is not WorkState.NOT_STARTED and before.get(one.key) != after.get(one.key)
    ]
    minutes, later = old.minutes(), new.minutes()
    credited = sorted(n for n in standing.credited if minutes.get(n) != later.get(n))
    return Effect(len(standing.reads & gone), tuple((one, one.key in after) for one in touched), tuple(credited))


def lessons_gone(old: Content, new: Content) -> frozenset[str]:
    """Ids of the lessons of `old` that `new` has under no such address."""
    kept = {(module.number, page.slug) for module in new.modules for page in (*module.lessons, *module.references)}
    pages = ((m.number, page) for m in old.modules for page in (*m.lessons, *m.references))
    return frozenset(page.id for number, page in pages if (number, page.slug) not in kept)


def _say_work(one: Work, *, is_asked: bool) -> str:
    state = work_pill(one).words
    if not is_asked:
        return _(
            "“{title}” ({state}) is not asked for any more; what is there stays to be read.",
            title=one.title,
            state=state,
        )
    if one.state is WorkState.DEMONSTRATED:
        return _("“{title}” stays demonstrated.", title=one.title)
    return _("“{title}” ({state}) goes on as it was asked for when it was begun.", title=one.title, state=state)


def _say_credit(number: int) -> str:
    return _("Module {number} is credited; its credit stays as it was recorded.", number=number)


def _module_words(then: ModuleOutline | None, now: ModuleOutline | None) -> Iterable[str]:
    if then is None or now is None:
        yield _("The module is new.") if then is None else _("The module goes.")
        return
    if then.title != now.title:
        yield _("Renamed from “{title}”.", title=then.title)
    if then.counted_minutes != now.counted_minutes:
        yield _(
            "Counted time: {time}, was {before}.",
            time=say_minutes(now.counted_minutes),
            before=say_minutes(then.counted_minutes),
        )
    before = {page.slug: page.title for page in (*then.lessons, *then.references)}
    after = {page.slug: page.title for page in (*now.lessons, *now.references)}
    yield from _named(N_("New lessons: {names}."), [after[slug] for slug in after if slug not in before])
    yield from _named(N_("Lessons that go: {names}."), [before[slug] for slug in before if slug not in after])
    renamed = [slug for slug in before if slug in after and before[slug] != after[slug]]
    yield from _named(N_("Lessons renamed: {names}."), [f"{before[slug]} → {after[slug]}" for slug in renamed])


def _work_words(
    number: int, before: Mapping[str, PublicAssignment], after: Mapping[str, PublicAssignment]
) -> Iterable[str]:
    for key in dict.fromkeys((*before, *after)):
        then, now = before.get(key), after.get(key)
        if then is not None and then.module_number == number and (now is None or now.module_number != number):
            yield (
                _("“{title}” moves to module {number}.", title=then.title, number=now.module_number)
                if now
                else _("“{title}” is not asked for any more.", title=then.title)
            )
        if now is not None and now.module_number == number:
            yield from _assignment_words(then, now)


def _assignment_words(then: PublicAssignment | None, now: PublicAssignment) -> Iterable[str]:
    if then is None:
        yield _(NEW[now.required], title=now.title)
        return
    if then.title != now.title:
        yield _("“{before}” is renamed “{title}”.", before=then.title, title=now.title)
    if then.required != now.required:
        yield _(NEEDED[now.required], title=now.title)
    if then.asks != now.asks:
        asks, before = in_a_row(now.asks), in_a_row(then.asks)
        yield _("“{title}” asks for: {asks} (was: {before}).", title=now.title, asks=asks, before=before)
    yield from _criteria_words(now.title, _by_key(then.criteria), _by_key(now.criteria))


def _criteria_words(
    title: str, before: Mapping[str, PublicCriterion], after: Mapping[str, PublicCriterion]
) -> Iterable[str]:
    new = [after[key].title for key in after if key not in before]
    gone = [before[key].title for key in before if key not in after]
    changed = [after[key].title for key in before if key in after and before[key] != after[key]]
    yield from _named(N_("“{title}”, new criteria: {names}."), new, title=title)
    yield from _named(N_("“{title}”, criteria that go: {names}."), gone, title=title)
    yield from _named(N_("“{title}”, criteria changed: {names}."), changed, title=title)


def _by_key(criteria: Sequence[PublicCriterion]) -> dict[str, PublicCriterion]:
    return {one.key: one for one in criteria}


def _named(message: str, names: Sequence[str], **values: str) -> Iterable[str]:
    if names:
        yield _(message, names=in_a_row(names), **values)
