"""Measures in words, the same on every page. Pure."""

# A unit in bytes, its name, and the step it is rounded up to, in tenths of it.
UNITS = ((1024, "KB", 10), (1024**2, "MB", 1), (1024**3, "GB", 1))
LARGEST = UNITS[-1][1]


def say_size(size: int) -> str:
    """Such as "812 bytes", "4 KB", "1.2 MB", rounded up; a unit is 1024 of the smaller one."""
    if size < 1024:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    return next(words for words in (_in(size, *unit) for unit in UNITS) if words)


def _in(size: int, unit: int, name: str, step: int) -> str:
    """The size in this unit, "" where that would be 1024 of it or more and there is a larger one."""
    tenths = -(-size * 10 // (unit * step)) * step
    if tenths >= 10240 and name != LARGEST:
        return ""
    return f"{tenths // 10}.{tenths % 10} {name}" if tenths % 10 else f"{tenths // 10} {name}"
