"""What evidence must be before it can be handed in. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from assessments.assignments.models import RequirementKind
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

INTEGRITY = N_(
    "This evidence is my own work. Where other people or tools contributed, the evidence says so, "
    "and it holds nothing that I may not share."
)
"""Kept with what is handed in, in English; said where it is shown."""
LONGEST_TEXT = 150_000
LONGEST_LINK = 2_000
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """One evidence slot with its limits; `accept` holds lower-case file endings with their dot."""

    key: str
    title: str
    kind: RequirementKind
    required: bool = True
    min_words: int | None = None
    max_words: int | None = None
    max_items: int = 1
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in one slot: a text, links as typed, a number of files, or whether a check is settled."""

    text: str = ""
    links: tuple[str, ...] = ()
    files: int = 0
    settled: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.links or self.files or self.settled)


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Missing:
    """A reason why the evidence cannot be handed in yet; `key` names the slot."""

    key: str
    words: str


def slots_to_close(slots: Sequence[str], judged: Iterable[tuple[Collection[str], bool]]) -> tuple[str, ...]:
    """The slots that a further attempt does not open, by their keys.

    `judged` holds, a criterion each, the slots it is judged on and whether it is met. A slot stays open if a criterion
    that is not met is judged on it, or none at all.
    """
    judged = list(judged)
    met = {key for keys, is_met in judged for key in keys if is_met}
    unmet = {key for keys, is_met in judged for key in keys if not is_met}
    return tuple(key for key in slots if key in met - unmet)


def count_words(text: str) -> int:
    """Words as a person counts them: what stands between white space. The page counts the same way."""
    return len(text.split())


def what_is_missing(asked: Sequence[Asked], given: Mapping[str, Given]) -> tuple[Missing, ...]:
    """Everything that stands between this evidence and handing it in, in the order of the slots."""
    found = ((slot, _complaint(slot, given.get(slot.key, NOTHING))) for slot in asked)
    return tuple(Missing(slot.key, words) for slot, words in found if words)


def _complaint(slot: Asked, given: Given) -> str:
    if given.is_empty:
        return _(_NOTHING_YET[slot.kind], title=slot.title) if slot.required else ""
    if slot.kind is RequirementKind.TEXT:
        return _wrong_length(slot, count_words(given.text))
    if slot.kind is RequirementKind.LINKS:
        return _wrong_links(slot, given.links)
    return f"{slot.title}: {too_many(slot, given.files)}" if given.files > slot.max_items else ""


_NOTHING_YET = {
    RequirementKind.TEXT: N_("{title}: no text yet."),
    RequirementKind.FILES: N_("{title}: no file yet."),
    RequirementKind.LINKS: N_("{title}: no link yet."),
    RequirementKind.CHECK: N_("{title}: not passed yet."),
}


def _wrong_length(slot: Asked, words: int) -> str:
    if slot.min_words and words < slot.min_words:
        return n_(
            "{title}: {count} word, at least {least} are asked for.",
            "{title}: {count} words, at least {least} are asked for.",
            words,
            title=slot.title,
            least=slot.min_words,
        )
    if slot.max_words and words > slot.max_words:
        return n_(
            "{title}: {count} word, at most {most} are asked for.",
            "{title}: {count} words, at most {most} are asked for.",
            words,
            title=slot.title,
            most=slot.max_words,
        )
    return ""


def _wrong_links(slot: Asked, links: Sequence[str]) -> str:
    if len(links) > slot.max_items:
        return n_(
            "{title}: {count} link, at most {most} asked for.",
            "{title}: {count} links, at most {most} asked for.",
            len(links),
            title=slot.title,
            most=slot.max_items,
        )
    wrong = [problem for link in links if (problem := link_problem(link))]
    return f"{slot.title}: {' '.join(wrong)}" if wrong else ""


def too_many(slot: Asked, files: int) -> str:
    return n_(
        "{count} file, at most {most} asked for.",
        "{count} files, at most {most} asked for.",
        files,
        most=slot.max_items,
    )


def link_problem(link: str) -> str:
    """Why this is no link a grader could follow; "" when it is one. It is never fetched."""
    shown = link[:80]
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("“{link}” is not a web address.", link=shown)
    if parts.scheme not in {"http", "https"} or not host:
        return _("“{link}” is not a web address: it begins with https:// or http://.", link=shown)
    if parts.username is not None or parts.password is not None:
        return _("“{link}” holds a user name or password; leave them out.", link=shown)
    if link.isprintable() and " " not in link:
        return ""
    return _("“{link}” has a space or a control character in it.", link=shown)


def clean_text(typed: str) -> str:
    """A text as it is kept: newlines as \\n, no control characters but tab, no empty lines around it."""
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in plain if char in "\n\t" or ord(char) >= 32).strip("\n")


def links_in(typed: str) -> tuple[str, ...]:
    """The links of a field that takes one a line, as typed; empty lines are left out."""
    return tuple(line.strip() for line in clean_text(typed).split("\n") if line.strip())
