"""What the server acknowledged, kept where no kill reaches it: what may be found afterwards, and what must be.

Whatever was sent and not acknowledged may have happened or not; what was once seen has happened.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


class Lost(AssertionError):
    """Something acknowledged is not there, or something is there that nobody sent, or is there twice."""


@dataclass(slots=True)
class Text:
    """One slot of a draft."""

    known: str = ""
    sent: list[str] = field(default_factory=list)

    def send(self, text: str) -> None:
        self.sent.append(text)

    def acknowledge(self) -> None:
        self.known, self.sent = self.sent[-1], []

    def find(self, shown: str) -> None:
        if shown != self.known and shown not in self.sent:
            raise Lost(f"the slot shows {shown!r}; acknowledged was {self.known!r}, sent since {self.sent!r}")
        self.known, self.sent = shown, []


@dataclass(slots=True)
class Files:
    """The files of a draft by their names, each of which is used once."""

    known: set[str] = field(default_factory=set)
    coming: set[str] = field(default_factory=set)
    going: set[str] = field(default_factory=set)

    def find(self, shown: list[str]) -> None:
        found = set(shown)
        if len(found) < len(shown):
            raise Lost(f"a file is there twice: {shown}")
        if gone := self.known - self.going - found:
            raise Lost(f"acknowledged files are not there: {gone}")
        if strange := found - self.known - self.coming:
            raise Lost(f"files are there that were removed, or never sent: {strange}")
        self.known, self.going = found, set()
        self.coming -= found

    def acknowledge(self, name: str) -> None:
        self.known.add(name)
        self.coming.discard(name)

    def acknowledge_gone(self, name: str) -> None:
        self.known.discard(name)
        self.going.discard(name)


@dataclass(slots=True)
class Upload:
    """A file that is sent in pieces: `offset` bytes are acknowledged, `sent` bytes left here."""

    address: str
    name: str
    data: bytes
    offset: int = 0
    sent: int = 0

    def find(self, offset: int) -> None:
        if not self.offset <= offset <= self.sent:
            raise Lost(f"{self.name} stands at {offset}; acknowledged were {self.offset} bytes, sent {self.sent}")
        self.offset = self.sent = offset


class Stage(StrEnum):
    DRAFT = "draft"
    HANDING_IN = "handing in"
    HANDED_IN = "handed in"
    TAKING_BACK = "taking back"


@dataclass(slots=True)
class Receipt:
    """What was handed in: the digests a receipt must name."""

    attempt: int
    number: str
    digests: frozenset[str]


@dataclass(slots=True)
class Work:
    """One learner's work on one assignment. `named` keeps the digest of every file that was ever sent.

    `unheard` counts uploads that were asked for and never answered.
    """

    path: str
    attempt: int = 1
    stage: Stage = Stage.DRAFT
    text: Text = field(default_factory=Text)
    files: Files = field(default_factory=Files)
    uploads: list[Upload] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    unheard: int = 0

    def find_draft(self, attempt: int) -> None:
        """The page shows a form for this attempt."""
        taken_back = self.stage is Stage.TAKING_BACK and attempt == self.attempt + 1
        going_on = self.stage in {Stage.DRAFT, Stage.HANDING_IN} and attempt == self.attempt
        if not taken_back and not going_on:
            raise Lost(f"{self.path} is a draft of attempt {attempt}; it was {self.stage}, attempt {self.attempt}")
        self.attempt, self.stage = attempt, Stage.DRAFT

    def find_handed_in(self) -> None:
        """The page shows no form, but the receipt of what waits."""
        if self.stage is Stage.DRAFT:
            raise Lost(f"{self.path} is handed in, and nobody handed it in")
        if self.stage is Stage.TAKING_BACK:
            self.stage = Stage.HANDED_IN

    def acknowledge_receipt(self, number: str) -> None:
        digests = {self.named[name] for name in self.files.known} | {digest(self.text.known.encode())}
        self.receipts.append(Receipt(self.attempt, number, frozenset(digests)))
        self.stage = Stage.HANDED_IN

    def acknowledge_taken_back(self) -> None:
        self.attempt, self.stage = self.attempt + 1, Stage.DRAFT

    @property
    def in_flight(self) -> bool:
        """Whether something was sent that nobody acknowledged."""
        moving = self.stage in {Stage.HANDING_IN, Stage.TAKING_BACK}
        uploading = any(upload.sent > upload.offset for upload in self.uploads)
        unheard = self.files.coming - {upload.name for upload in self.uploads}
        return moving or uploading or bool(self.text.sent or unheard or self.files.going)


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()
