"""What differs between two versions of a rubric, in words. Pure.

Criteria and levels are known by their keys. What changes but their texts is structure: it needs a new major version.
"""

from collections.abc import Iterable, Sequence

from courses.coursework import PublicCriterion, PublicLevel
from fourweek.language import _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One change in a sentence; `criterion` is its title, "" where it is of the whole rubric.

    Where a text was reworded, `before` and `after` are both wordings, else "".
    """

    criterion: str
    words: str
    is_structure: bool
    before: str = ""
    after: str = ""


def differences(old: Sequence[PublicCriterion], new: Sequence[PublicCriterion]) -> tuple[Difference, ...]:
    """Every change from `old` to `new`, criterion by criterion; the order of what one is judged on is none."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    found = [
        *(Difference(one.title, _("The criterion is new."), is_structure=True) for one in new if one.key not in before),
        *(Difference(one.title, _("The criterion goes."), is_structure=True) for one in old if one.key not in after),
    ]
    if _moved(before, after):
        found.append(Difference("", _("The criteria stand in another order."), is_structure=True))
    for key, then in before.items():
        if key in after:
            found += _criterion(then, after[key])
    return tuple(found)


def _criterion(old: PublicCriterion, new: PublicCriterion) -> Iterable[Difference]:
    title = new.title
    yield from _reworded(title, _("The title is reworded."), old.title, new.title)
    yield from _reworded(title, _("The description is reworded."), old.description, new.description)
    if old.competency_key != new.competency_key:
        yield Difference(
            title,
            _(
                "It judges “{new}” instead of “{old}”.",
                new=new.competency,
                old=old.competency,
            ),
            is_structure=True,
        )
    else:
        yield from _reworded(title, _("Its competency is called otherwise."), old.competency, new.competency)
    if set(old.judged_on) != set(new.judged_on):
        said = _(
            "It is judged on {new} instead of {old}.",
            new=in_a_row(new.judged_on),
            old=in_a_row(old.judged_on),
        )
        yield Difference(title, said, is_structure=True)
    yield from _levels(old, new)


def _levels(old: PublicCriterion, new: PublicCriterion) -> Iterable[Difference]:
    title = new.title
    before, after = {one.key: one for one in old.levels}, {one.key: one for one in new.levels}
    said = [
        *(_("The level “{title}” is new.", title=level.title) for level in new.levels if level.key not in before),
        *(_("The level “{title}” goes.", title=level.title) for level in old.levels if level.key not in after),
    ]
    if _moved(before, after):
        said.append(_("The levels stand in another order."))
    if old.required_level != new.required_level:
        said.append(_("It is demonstrated from “{new}” up instead of “{old}”.", new=_title(new), old=_title(old)))
    yield from (Difference(title, words, is_structure=True) for words in said)
    for key in (key for key in before if key in after):
        yield from _level(title, before[key], after[key])


def _level(criterion: str, old: PublicLevel, new: PublicLevel) -> Iterable[Difference]:
    yield from _reworded(criterion, _("A level is called otherwise."), old.title, new.title)
    yield from _reworded(
        criterion, _("The level “{title}” is reworded.", title=new.title), old.descriptor, new.descriptor
    )
    if old.exemplar_html != new.exemplar_html:
        yield Difference(criterion, _example(old, new), is_structure=False)


def _example(old: PublicLevel, new: PublicLevel) -> str:
    if not old.exemplar_html:
        return _("The example of “{title}” is new.", title=new.title)
    if not new.exemplar_html:
        return _("The example of “{title}” goes.", title=new.title)
    return _("The example of “{title}” is another one.", title=new.title)


def _reworded(criterion: str, what: str, old: str, new: str) -> Iterable[Difference]:
    if old != new:
        yield Difference(criterion, what, is_structure=False, before=old, after=new)


def _title(criterion: PublicCriterion) -> str:
    return next((one.title for one in criterion.levels if one.key == criterion.required_level), "")


def _moved(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether the keys that both have stand in another order."""
    then, now = list(before), list(after)
    return [key for key in then if key in now] != [key for key in now if key in then]
