"""Measures in words, the same on every page. Pure."""

from fourweek.language import N_, _, n_, p_

# A unit in bytes, its words, and the step it is rounded up to, in tenths of it.
UNITS = (
    (1024, N_("{amount} KB"), 10),
    (1024**2, N_("{amount} MB"), 1),
    (1024**3, N_("{amount} GB"), 1),
)
LARGEST = UNITS[-1][1]


def say_size(size: int) -> str:
    """Such as "812 bytes", "4 KB", "1.2 MB", rounded up; a unit is 1024 of the smaller one."""
    if size < 1024:
        return n_("{count} byte", "{count} bytes", size)
    return next(words for words in (_in(size, *unit) for unit in UNITS) if words)


def _in(size: int, unit: int, said: str, step: int) -> str:
    """The size in this unit, "" where that would be 1024 of it or more and there is a larger one."""
    tenths = -(-size * 10 // (unit * step)) * step
    if tenths >= 10240 and said != LARGEST:
        return ""
    amount = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"
    return _(said, amount=amount)


def say_whole(number: int) -> str:
    """Such as "10,000", with what the language puts between thousands; a space keeps four digits together."""
    between = p_("between thousands", ",")
    if between != "," and abs(number) < 10_000:
        return str(number)
    return f"{number:,}".replace(",", between)
