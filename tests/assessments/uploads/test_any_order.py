"""Pieces in any order a client, a network or a killed worker can make of them, beside a model that is one number."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as rounds
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from assessments.evidence.queries import EVIDENCE
from assessments.uploads.access import UPLOAD
from fourweek.app import create_app
from fourweek.database import Database
from fourweek.edge import House
from fourweek.settings import Settings
from tests.assessments.evidence.school import School, evidence
from tests.assessments.uploads.sending import Sender, on_disk
from tests.visits import Browser

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 40
SHA = hashlib.sha256(DATA).hexdigest()
ACTS = ("piece", "elsewhere", "wrong offset", "again", "damaged", "cut off", "cut off, sealed", "too much", "tail")
Acts = list[tuple[str, int]]
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, len(DATA))), max_size=12)
calm = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class Model:
    """One upload of `DATA`; `offset` is all there is to know about it."""

    def __init__(self, app: FastAPI, house: House, near: Sender, far: Sender) -> None:
        self.app, self.house, self.near, self.far = app, house, near, far
        self.offset = 0
        self.at = near.begun("report.pdf", len(DATA))

    def act(self, what: str, number: int) -> None:
        rest = DATA[self.offset : self.offset + number]
        if what in {"piece", "elsewhere"}:
            self._piece(self.near if what == "piece" else self.far, rest)
        elif what in {"wrong offset", "again"}:
            self._elsewhere(number if what == "wrong offset" else 0)
        elif what == "damaged":
            self._damaged(rest)
        elif what.startswith("cut off"):
            self._cut_off(rest, sealed=what.endswith("sealed"))
        elif what == "too much":
            self._too_much()
        elif what == "tail":
            for file in on_disk(self.house):  # what a killed worker wrote and never acknowledged
                with file.open("ab") as end:
                    end.write(b"x" * number)
        assert self.near.offset(self.at) == self.far.offset(self.at) == self.offset

    def finish(self) -> None:
        """As the page's script does: what is missing, then an empty piece, more than once."""
        self._piece(self.far, DATA[self.offset :])
        assert self.near.put(self.at, self.offset, b"").status_code == 204

    def _piece(self, sender: Sender, rest: bytes) -> None:
        assert sender.put(self.at, self.offset, rest).status_code == 204
        self.offset += len(rest)

    def _elsewhere(self, offset: int) -> None:
        if offset != self.offset:
            answer = self.near.put(self.at, offset, DATA[offset:])
            assert (answer.status_code, answer.headers["upload-offset"]) == (409, str(self.offset))

    def _damaged(self, rest: bytes) -> None:
        if rest:
            wrong = self.near.put(self.at, self.offset, rest, upload_checksum=_checksum(rest + b"x"))
            assert wrong.status_code == 460

    def _cut_off(self, rest: bytes, *, sealed: bool) -> None:
        """What arrived is kept; of a piece with a checksum nothing, unless all of it had come before the line broke."""
        more: dict[str, Any] = {"upload_checksum": _checksum(DATA[self.offset :])} if sealed else {}
        self.near.hang_up(self.app, self.at, self.offset, [rest] if rest else [], **more)
        if not sealed or self.offset + len(rest) == len(DATA):
            self.offset += len(rest)

    def _too_much(self) -> None:
        assert self.near.put(self.at, self.offset, DATA[self.offset :] + b"x").status_code == 413


def _checksum(data: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"


@pytest.fixture
def senders(browser: Any, school: School, settings: Settings) -> Iterator[tuple[Sender, Sender]]:
    """The same person at two processes over one database and disk."""
    other = create_app(settings)
    far = Browser(other, school.alice)
    yield Sender(browser(school.alice), school), Sender(far, school)
    far.close()
    other.state.house.db.close()


@rounds(max_examples=12, deadline=None, suppress_health_check=calm)
@given(script=acts)
def test_any_order_makes_the_file_once(
    script: Acts, app: FastAPI, house: House, db: Database, senders: tuple[Sender, Sender]
) -> None:
    _play(script, app, house, db, senders)


@pytest.mark.slow
@rounds(max_examples=200, deadline=None, suppress_health_check=calm)
@given(script=acts)
def test_any_order_makes_the_file_once_at_length(
    script: Acts, app: FastAPI, house: House, db: Database, senders: tuple[Sender, Sender]
) -> None:
    _play(script, app, house, db, senders)


def _play(script: Acts, app: FastAPI, house: House, db: Database, senders: tuple[Sender, Sender]) -> None:
    db.write_now(_forget)
    model = Model(app, house, *senders)
    for what, number in script:
        if model.offset < len(DATA):
            model.act(what, number)
    model.finish()
    assert [row.sha256 for row in evidence(db)] == [SHA]
    assert on_disk(house) == []


def _forget(conn: Connection) -> None:
    """What the round before left in the draft."""
    conn.execute(delete(EVIDENCE))
    conn.execute(delete(UPLOAD))
