"""What a changed decision says otherwise than the one before it, criterion by criterion. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from fourweek.language import N_, _
from fourweek.language.stored import Kept, in_each_language
from fourweek.light import dataclass

NO_LEVEL = N_("No level")


@dataclass(frozen=True, slots=True)
class Said:
    """What one decision says of one criterion; `level` is its title, "" for none."""

    key: str
    criterion: str
    level: str
    met: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """One criterion that is judged otherwise now: the titles of its levels ("" for none), and whether each
    demonstrates it."""

    criterion: str
    before: str
    now: str
    met_before: bool
    met_now: bool

    @property
    def plain(self) -> dict[str, object]:
        """As it is kept in a letter."""
        return asdict(self) | {"before": _kept(self.before), "now": _kept(self.now)}


def changed(before: Iterable[Said], now: Iterable[Said]) -> tuple[Changed, ...]:
    """The criteria on which two decisions differ, in the order of the newer one."""
    earlier: Mapping[str, Said] = {one.key: one for one in before}
    found = []
    for one in now:
        was = earlier.get(one.key)
        level, met = (was.level, was.met) if was else ("", False)
        if (level, met) != (one.level, one.met):
            found.append(Changed(one.criterion, level, one.level, met, one.met))
    return tuple(found)


def _kept(title: str) -> Kept:
    """A level as a letter keeps it."""
    return title or in_each_language(lambda: _(NO_LEVEL))
