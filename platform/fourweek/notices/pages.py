"""What the pages about notices show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fourweek.light import dataclass
from fourweek.notices.kinds import Kind


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is kept. `shown_from` is of the real clock."""

    id: str
    kind: str
    data: Mapping[str, Any]
    shown_from: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of somebody's notices, before it is put into words. `unread` counts those of all pages."""

    notices: tuple[Notice, ...]
    is_newest: bool
    has_older: bool
    unread: int
    zone: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """`href` is the page it is about, None where there is none; `about` names its course, or is ""."""

    title: str
    href: str | None
    about: str
    iso: str
    when: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """`newest` is the id of the newest notice shown: what came later is not marked as read."""

    lines: tuple[NoticeLine, ...]
    newest: str
    unread: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    kind: Kind
    by_mail: bool
    in_product: bool


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """`fixed` are the kinds that cannot be turned off."""

    lines: tuple[ChoiceLine, ...]
    fixed: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class UnsubscribePage:
    """Says nothing of whose mail it is: whoever has the address may be somebody else."""

    token: str
    kind: Kind
    is_off: bool
