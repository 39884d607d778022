"""What a learner sent, as values with their digests. Digests are made here, outside of any transaction."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from assessments.assignments.models import RequirementKind
from assessments.evidence.rules import LONGEST_LINK, LONGEST_TEXT, MOST_LINES, Missing, clean_text, links_in
from fourweek.language import n_
from fourweek.light import dataclass

TEXT, LINKS, FILES, CHECK, SEEN = "text-", "links-", "files-", "check-", "seen-"
# The key of what the learner says they changed since the attempt before. No slot has it: their keys hold no underscore.
CHANGES = "what_changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text or a link with the SHA-256 of its UTF-8."""

    content: str
    sha256: str


def piece(content: str) -> Piece:
    return Piece(content, sha256(content.encode()).hexdigest())


def mark(digests: Iterable[str]) -> str:
    """What a form remembers of the state it was made from: the beginnings of the digests, "" for nothing."""
    return "-".join(digest[:16] for digest in digests)


def note_mark(text: str) -> str:
    """The mark of a text that is kept without a digest."""
    return mark([piece(text).sha256]) if text else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed into a text or links slot; `seen` is the mark of what the page showed before."""

    key: str
    kind: RequirementKind
    pieces: tuple[Piece, ...]
    seen: str = ""

    @property
    def mark(self) -> str:
        return mark(one.sha256 for one in self.pieces)

    @property
    def typed(self) -> str:
        return "\n".join(one.content for one in self.pieces)

    @property
    def refused(self) -> str:
        """Why this is more than can be kept; "" when it can."""
        longest = LONGEST_TEXT if self.kind is RequirementKind.TEXT else LONGEST_LINK
        if any(len(one.content) > longest for one in self.pieces):
            return n_(
                "This is longer than {count} character and was not saved. Make it shorter, or hand in a file.",
                "This is longer than {count} characters and was not saved. Make it shorter, or hand in a file.",
                longest,
            )
        if len(self.pieces) > MOST_LINES:
            return n_(
                "This is more than {count} line and was not saved.",
                "These are more than {count} lines and were not saved.",
                MOST_LINES,
            )
        return ""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is in the store already; `key` names its slot, `note` says what was done to it before its digest."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """One sent form: `attempt` is the one the form was made for; `refused` are files that were not taken."""

    attempt: int = 1
    answers: tuple[Answer, ...] = ()
    files: tuple[NewFile, ...] = ()
    remove: str = ""
    integrity: bool = False
    refused: tuple[Missing, ...] = ()


def attempt_number(typed: str) -> int:
    """The attempt a form was made for; 0, which there never is, for anything that is no small number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def text_answer(key: str, typed: str, seen: str = "") -> Answer:
    content = clean_text(typed)
    return Answer(key, RequirementKind.TEXT, (piece(content),) if content.strip() else (), seen)


def links_answer(key: str, typed: str, seen: str = "") -> Answer:
    return Answer(key, RequirementKind.LINKS, tuple(piece(link) for link in links_in(typed)), seen)


def typed_from(
    fields: Sequence[tuple[str, str]], files: Sequence[NewFile] = (), refused: Sequence[Missing] = ()
) -> Typed:
    """The form's fields as values; what no slot is called is dropped where it is saved."""
    form = dict(fields)
    return Typed(
        attempt=attempt_number(form.get("attempt", "1")),
        answers=tuple(_answers(form)),
        files=tuple(files),
        remove=form.get("remove", ""),
        integrity=form.get("integrity") == "1",
        refused=tuple(refused),
    )


def _answers(form: Mapping[str, str]) -> Iterable[Answer]:
    for name, value in form.items():
        for prefix, make in ((TEXT, text_answer), (LINKS, links_answer)):
            if name.startswith(prefix):
                key = name.removeprefix(prefix)
                yield make(key, value, form.get(SEEN + key, ""))
