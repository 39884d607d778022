"""What the machine gives: settings, rights on files, the clock, room on disks."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from fourweek.doctor.finding import Finding, fault, note, ok
from fourweek.health import LEAST_ROOM
from fourweek.places import WHAT_TO_DO, cannot_be_made, is_seen
from fourweek.safety import look_over, open_to_others
from fourweek.settings import Settings

ROOM: Final = 2 * 1024**3
INODES: Final = 10_000
SLACK: Final = timedelta(seconds=5)
MIB: Final = 1024 * 1024


def settings_look(settings: Settings) -> Iterator[Finding]:
    """Settings that are unsafe, or do not fit each other. Rights on keys have a look of their own."""
    found = [one for one in look_over(settings) if one.setting != "keys"]
    for one in found:
        words = f"{one.setting}: {one.words}"
        yield (
            fault("settings", words, f"{one.what_to_do} Nothing starts like that.")
            if one.refused
            else note("settings", words, one.what_to_do)
        )
    if not found:
        yield ok("settings", f"They fit each other; the school is at {settings.public_url}.")


def rights_look(settings: Settings) -> Iterator[Finding]:
    """Whether we may write where we must, and nobody else may read what is ours."""
    bad = [*_not_ours(settings), *_open(settings)]
    yield from bad
    if not bad:
        yield ok("rights", f"{settings.home} and its keys are their owner's alone, and can be written.")


def foreign_look(settings: Settings) -> Iterator[Finding]:
    """A fault where the home folder is closed to this user, so that nothing can be looked at; else nothing."""
    if is_seen(settings.home) and settings.home.is_dir() and not os.access(settings.home, os.R_OK | os.X_OK):
        yield fault("rights", f"{settings.home} is closed to this user: nothing can be looked at.", "Run as its owner.")


def _not_ours(settings: Settings) -> Iterator[Finding]:
    if not is_seen(settings.home) and (reason := cannot_be_made(settings.home)):
        yield fault("rights", f"{settings.home} cannot be made, {reason}.", WHAT_TO_DO)
    for folder in folders(settings):
        if is_seen(folder) and not folder.is_dir():
            yield fault("rights", f"{folder} is no folder.", WHAT_TO_DO)
        elif is_seen(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            yield fault("rights", f"{folder} cannot be written by this user.", "Run as the owner, or give it to them.")


def _open(settings: Settings) -> Iterator[Finding]:
    for path in (settings.home, settings.keys, settings.mail):
        if path.is_dir() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            beyond = "read" if mode & 0o007 else "read by the group"
            words = f"{path} can be {beyond} (mode {mode:o})."
            strict = mode & 0o007 or path == settings.keys
            yield (fault if strict else note)("rights", words, f"Run: chmod 700 {path}")
    for path in open_to_others(settings.keys):
        yield fault("rights", f"{path} can be read by others.", f"Run: chmod 600 {path}; rotate it if somebody did.")


def keys_are_open(settings: Settings) -> bool:
    """Whether others may use keys, or their folder: `rights_look` names each, and they open nothing before."""
    folder = settings.keys
    return folder.is_dir() and bool(stat.S_IMODE(folder.stat().st_mode) & 0o077 or open_to_others(folder))


def folders(settings: Settings) -> tuple[Path, ...]:
    """Where we write, each once."""
    spool = settings.files / "spool"
    return tuple(dict.fromkeys((settings.home, settings.files, spool, settings.keys, settings.mail, settings.backups)))


def clock_look(settings: Settings, now: datetime, newest_act: datetime | None) -> Iterator[Finding]:
    """The clock against what was written before: a row or a file of the future says that it went back."""
    written = _newest_file(settings)
    for what, at in (("the newest audit row", newest_act), ("the newest file", written)):
        if at is not None and at > now + SLACK:
            words = f"It says {now:%Y-%m-%d %H:%M:%S} UTC, but {what} is of {at:%Y-%m-%d %H:%M:%S}."
            yield fault("clock", words, "Set the clock; let it be kept by the network (timedatectl set-ntp true).")
            return
    yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC; nothing was written later than that.")


def _newest_file(settings: Settings) -> datetime | None:
    """Of those that are written often, and always with the time of the machine."""
    places = (settings.home, settings.files / "spool", settings.backups)
    times = [path.stat().st_mtime for place in places if place.is_dir() for path in place.iterdir() if path.is_file()]
    return datetime.fromtimestamp(max(times)).astimezone() if times else None


def disk_look(settings: Settings) -> Iterator[Finding]:
    """Room and inodes of every disk we write to, each disk once."""
    seen: set[int] = set()
    for folder in folders(settings):
        if is_seen(folder) and (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            yield _disk(folder)


def _disk(folder: Path) -> Finding:
    room = shutil.disk_usage(folder)
    words = f"{folder}: {room.free // MIB:,} of {room.total // MIB:,} MiB are free."
    if room.free < LEAST_ROOM:
        return fault("disk", words, "Make room now: nothing can be handed in.")
    if hasattr(os, "statvfs") and (facts := os.statvfs(folder)).f_files > 0 and facts.f_favail < INODES:
        return fault("disk", f"{folder}: only {facts.f_favail:,} more files fit.", "Remove files that are not ours.")
    if room.free < ROOM:
        return note("disk", words, "Make room before it is full; films of learners are large.")
    return ok("disk", words)
