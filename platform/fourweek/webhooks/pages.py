"""What the pages about webhooks show, in words."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from fourweek.language import N_, _, n_
from fourweek.light import dataclass
from fourweek.webhooks.forms import LONGEST_TITLE, HookForm
from fourweek.webhooks.kinds import WORDS
from fourweek.webhooks.queries import PER_PAGE, Show

SHOWS = (
    (Show.ALL, N_("All")),
    (Show.WAITING, N_("Waiting")),
    (Show.DELIVERED, N_("Delivered")),
    (Show.GIVEN_UP, N_("Given up")),
)
Say = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant for `ui.when`."""

    iso: str
    words: str


@dataclass(frozen=True, slots=True)
class HookView:
    """A webhook. `state` is (words, tone); `told_of` are the kinds it asked for."""

    id: str
    title: str
    url: str
    told_of: tuple[str, ...]
    made: Instant
    maker: str
    ended: Instant | None
    last_taken: Instant | None
    failing: bool
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class HooksPage:
    hooks: tuple[HookView, ...]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in the log. `state` is (words, tone); `outcome` says how the last try ended, "" before the first."""

    id: str
    kind: str
    made: Instant
    state: tuple[str, str]
    tries: str
    outcome: str
    tried: Instant | None
    next_try: Instant | None


@dataclass(frozen=True, slots=True)
class HookPage:
    """`shows` are (value, words with a count)."""

    hook: HookView
    messages: tuple[MessageView, ...]
    show: str
    shows: tuple[tuple[str, str], ...]
    given_up: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`body` is what was sent, set in lines for reading."""

    message: MessageView
    hook_id: str
    hook_title: str
    url: str
    ended: bool
    body: str


@dataclass(frozen=True, slots=True)
class HookFormPage:
    """`kinds` are (value, words, chosen)."""

    typed: HookForm
    errors: Mapping[str, str]
    kinds: tuple[tuple[str, str, bool], ...]
    longest_title: int = LONGEST_TITLE

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class AddedPage:
    """A webhook that was just added: the one time that its secret is shown."""

    id: str
    title: str
    url: str
    secret: str


def form_page(typed: HookForm, errors: Mapping[str, str] | None = None) -> HookFormPage:
    kinds = tuple((kind.value, _(words), kind in typed.kinds) for kind, words in WORDS.items())
    return HookFormPage(typed, errors or {}, kinds)


def hooks_page(rows: list[Row[Any]], number: int, here: str, say: Say) -> HooksPage:
    return HooksPage(
        hooks=tuple(hook_view(row, say) for row in rows[:PER_PAGE]),
        previous=f"{here}?page={number - 1}" if number > 1 else None,
        next=f"{here}?page={number + 1}" if len(rows) > PER_PAGE else None,
    )


def hook_view(row: Row[Any], say: Say) -> HookView:
    return HookView(
        id=row.id,
        title=row.title,
        url=row.url,
        told_of=tuple(row.kinds),
        made=instant(row.made_at, say),
        maker=row.maker or "",
        ended=instant(row.ended_at, say) if row.ended_at else None,
        last_taken=instant(row.last_taken, say) if row.last_taken else None,
        failing=bool(row.failing),
        state=_hook_state(row),
    )


def message_view(row: Row[Any], say: Say) -> MessageView:
    return MessageView(
        id=row.id,
        kind=row.kind,
        made=instant(row.created_at, say),
        state=_message_state(row),
        tries=_("Not tried yet")
        if not row.attempts
        else _("Tried once")
        if row.attempts == 1
        else n_("Tried {count} time", "Tried {count} times", row.attempts),
        outcome=_(row.problem) or (_("It answered {status}.", status=row.status) if row.status else ""),
        tried=instant(row.tried_at, say) if row.tried_at else None,
        next_try=instant(row.try_at, say) if row.try_at else None,
    )


def message_page(row: Row[Any], say: Say) -> MessagePage:
    read = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2)
    return MessagePage(message_view(row, say), row.webhook_id, row.title, row.url, row.ended_at is not None, read)


def instant(at: datetime, say: Say) -> Instant:
    return Instant(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), say(at))


def _hook_state(row: Row[Any]) -> tuple[str, str]:
    if row.ended_at is not None:
        return _("Ended"), "plain"
    return (_("Failing"), "bad") if row.failing else (_("Live"), "good")


def _message_state(row: Row[Any]) -> tuple[str, str]:
    if row.delivered_at is not None:
        return _("Delivered"), "good"
    if row.try_at is None:
        return _("Given up"), "bad"
    return (_("To be tried again"), "warn") if row.attempts else (_("Waiting"), "waiting")
