"""A learner who writes as fast as the server answers, and after each of its deaths looks whether all is there."""

import base64
import re
from collections.abc import Callable

from tests.durability.ledger import Lost, Stage, Upload, Work, digest
from tests.durability.line import Line
from tests.durability.school import FILES_SLOT, MOST_FILES, TEXT_SLOT
from tests.durability.writing import Writer
from tests.visits import forms

KIB = 1024
SIZES = (2 * KIB, 900 * KIB)
PIECES = (20 * KIB, 400 * KIB)
REMOVE = re.compile(r'name="remove" value="(\w+)" aria-label="Remove ([\w.-]+)"')
RECEIPT = re.compile(r"/receipts/(R-[\w-]+)")


class Person(Writer):
    """One learner with one line to the server; the ledger of their works outlives every server."""

    def __init__(self, line: Line, paths: tuple[str, ...], seed: str) -> None:
        super().__init__(line, seed)
        self.works = [Work(path) for path in paths]
        self._ids: dict[str, str] = {}

    def look(self) -> None:
        """Everything acknowledged is there. Raises Lost, and Gone when the server is."""
        self.line.sign_in()
        for work in self.works:
            self._look_at(work)
        self.line.close()  # the server ends lines that are idle for long

    def write(self) -> None:
        """One act after the other. Ends by raising Gone, or Lost."""
        while True:
            work = self.dice.choice(self.works)
            self.dice.choice(self._acts(work))(work)
            if work.in_flight:  # refused for the moment
                self._look_at(work)

    @property
    def in_flight(self) -> bool:
        """Whether something was under way when the server died."""
        return any(work.in_flight for work in self.works)

    def _acts(self, work: Work) -> list[Callable[[Work], None]]:
        if work.stage is Stage.HANDED_IN:
            return [self._take_back]
        acts: list[Callable[[Work], None]] = [self._type, self._type]
        if work.uploads:
            acts += [self._send_piece] * 3
        elif len(work.files.known) < MOST_FILES:
            acts += [self._send_file, self._begin_upload, self._begin_upload]
        else:
            acts.append(self._remove_file)
        if work.text.known and not work.uploads:
            acts.append(self._hand_in)
        return acts

    def _type(self, work: Work) -> None:
        text = self._sentence()
        fields = self._form(work) | {f"text-{TEXT_SLOT}": text}
        work.text.send(text)
        if self._took(self.line.post(f"{work.path}/draft/{TEXT_SLOT}", fields, htmx=True), 200):
            work.text.acknowledge()

    def _send_file(self, work: Work) -> None:
        name, data = self._file(work)
        answer = self.line.post_file(f"{work.path}/draft", self._form(work), f"files-{FILES_SLOT}", name, data)
        if self._took(answer, 303):
            work.files.acknowledge(name)
            self._look_at(work)

    def _remove_file(self, work: Work) -> None:
        name = self.dice.choice(sorted(work.files.known))
        work.files.going.add(name)
        if self._took(self.line.post(f"{work.path}/draft", self._form(work) | {"remove": self._ids[name]}), 303):
            work.files.acknowledge_gone(name)

    def _begin_upload(self, work: Work) -> None:
        name, data = self._file(work)
        told = f"filename {base64.b64encode(name.encode()).decode()},attempt {_encoded(work.attempt)}"
        headers = {"Upload-Length": str(len(data)), "Upload-Metadata": told}
        work.unheard += 1
        answer = self.line.tus("POST", f"{work.path}/uploads/{FILES_SLOT}", headers)
        work.unheard -= 1
        if work.unheard and answer.status == 422:  # one that was begun when the server died takes up the room
            return
        if self._took(answer, 201):
            work.uploads.append(Upload(answer.headers["location"], name, data))

    def _send_piece(self, work: Work) -> None:
        """The next piece; the last one makes the file evidence."""
        upload = work.uploads[0]
        piece = upload.data[upload.offset : upload.offset + self.dice.randint(*PIECES)]
        upload.sent = upload.offset + len(piece)
        headers = {"Upload-Offset": str(upload.offset), "Content-Type": "application/offset+octet-stream"}
        answer = self.line.tus("PATCH", upload.address, headers, piece)
        if not self._took(answer, 204):
            return
        upload.find(int(answer.headers["upload-offset"]))
        if upload.offset == len(upload.data):
            work.uploads.remove(upload)
            work.files.acknowledge(upload.name)
            self._look_at(work)

    def _hand_in(self, work: Work) -> None:
        text = self._sentence() if self.dice.random() < 0.5 else work.text.known
        work.text.send(text)
        self._send_in(work, text)

    def _send_in(self, work: Work, text: str) -> None:
        fields = self._form(work) | {f"text-{TEXT_SLOT}": text, "integrity": "1"}
        work.stage = Stage.HANDING_IN
        answer = self.line.post(f"{work.path}/submit", fields)
        if self._took(answer, 303):
            work.text.acknowledge()
            work.acknowledge_receipt(answer.headers["location"].removeprefix("/receipts/"))

    def _take_back(self, work: Work) -> None:
        work.stage = Stage.TAKING_BACK
        if self._took(self.line.post(f"{work.path}/withdraw", {"attempt": str(work.attempt)}), 303):
            work.acknowledge_taken_back()
            self._look_at(work)

    def _look_at(self, work: Work) -> None:
        """The page as it is, against the ledger; what was half sent goes on as a person would let it go on."""
        page = self.line.get(work.path)
        form = forms(page).get(f"{work.path}/draft")
        if form is None:
            self._look_at_handed_in(work, page)
            return
        work.find_draft(int(form["attempt"]))
        work.text.find(form[f"text-{TEXT_SLOT}"].removeprefix("\n"))
        found = REMOVE.findall(page)
        self._ids.update((name, key) for key, name in found)
        work.files.find([name for _, name in found])
        for upload in list(work.uploads):
            self._look_at_upload(work, upload)
        work.files.coming = {upload.name for upload in work.uploads}

    def _look_at_handed_in(self, work: Work, page: str) -> None:
        work.find_handed_in()
        if work.stage is Stage.HANDING_IN:  # it was in when the server died: the same form again gets that receipt
            shown = RECEIPT.findall(page)
            work.files.coming = set()
            self._send_in(work, work.text.sent[-1])
            if work.receipts[-1].number not in shown:
                raise Lost(f"{work.path}: handed in once, and received twice: {shown}")
        newest = work.receipts[-1]
        named = self.line.get(f"/receipts/{newest.number}")
        if missing := [one for one in newest.digests if one not in named]:
            raise Lost(f"receipt {newest.number} does not name {missing}")

    def _look_at_upload(self, work: Work, upload: Upload) -> None:
        """It stands where it was acknowledged or further; one whose last byte is here may be evidence already."""
        answer = self.line.tus("HEAD", upload.address, {})
        if answer.status != 200:
            raise Lost(f"{upload.address} answers {answer.status}")
        upload.find(int(answer.headers["upload-offset"]))
        if upload.offset == len(upload.data):
            self._finish(work, upload)

    def _finish(self, work: Work, upload: Upload) -> None:
        was_there = upload.name in work.files.known
        headers = {"Upload-Offset": str(upload.offset), "Content-Type": "application/offset+octet-stream"}
        if not self._took(self.line.tus("PATCH", upload.address, headers), 204):
            return
        work.uploads.remove(upload)
        work.files.acknowledge(upload.name)
        if not was_there:
            self._look_at(work)

    def _form(self, work: Work) -> dict[str, str]:
        return {"attempt": str(work.attempt), f"seen-{TEXT_SLOT}": _mark(work.text.known)}

    def _file(self, work: Work) -> tuple[str, bytes]:
        """A text file that nobody else sends, under a name of its own; from now on it may be found."""
        self.serial += 1
        size = self.dice.randint(*SIZES)
        data = (self._sentence() + "\n" + self.dice.randbytes(size // 2).hex()).encode()
        name = f"{self.seed}-{self.serial}.txt"
        work.named[name] = digest(data)
        work.files.coming.add(name)
        return name, data


def _mark(text: str) -> str:
    """What a form remembers of the text it was made from."""
    return digest(text.encode())[:16] if text else ""


def _encoded(number: int) -> str:
    return base64.b64encode(str(number).encode()).decode()
