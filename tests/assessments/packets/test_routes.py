"""Choosing and issuing an audit packet through the pages."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assessments.credit.service import record_due_credit
from assessments.packets.maker import PACKETS, attached, withheld
from assessments.packets.pages import PacketForm
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import Transcript
from assessments.transcripts.scope import Options
from assessments.transcripts.service import Draft, Wanted, draft
from fourweek.database import table
from fourweek.edge import House
from fourweek.errors import Invalid
from fourweek.scanning.asking import Answer
from fourweek.scanning.models import ScanState
from fourweek.scanning.waiting import keep_answer, wait
from tests import factories as make
from tests.assessments.credit.factories import NOW, demonstrate, learning
from tests.assessments.packets.factory import packet
from tests.assessments.stated.factories import stated

TRANSCRIPT = table(Transcript)
PATH = "/transcript/packet"


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (PacketForm(), {"since", "until"}),
        (PacketForm(since="2026-01-01", until="31.12.2026"), {"until"}),
        (PacketForm(since="2026-02-01", until="2026-01-31"), {"until"}),
        (PacketForm(since="1990-01-01", until="2026-01-31"), {"until"}),
        (PacketForm(board="us-zz-pe", since="2026-01-01", until="2026-12-31"), {"board"}),
    ],
)
def test_what_is_wrong_is_said_by_field(form: PacketForm, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        form.scope()
    assert set(caught.value.fields) == wrong


def test_a_packet_is_issued_for_a_period_and_a_board(house: House, browser: Any) -> None:
    assert browser().get(PATH).headers["location"] == f"/sign-in?next={PATH}"
    stranger = browser(house.db.write_now(make.person, "Carol Dunn"))
    assert stranger.submit(PATH, PATH).status_code == 422
    who = house.db.write_now(learning)
    house.db.write_now(demonstrate, who, 1)
    record_due_credit(house.db, NOW)
    alice = browser(who.person_id)
    chosen = {"board": "us-ny-pe", "since": "2026-01-01", "until": "2028-12-31"}
    wrong = alice.submit(PATH, PATH, **(chosen | {"until": "2025-01-01"}))
    assert (wrong.status_code, "The last day comes before the first." in wrong.text) == (422, True)
    assert 'value="2025-01-01"' in wrong.text
    empty = alice.submit(PATH, PATH, **(chosen | {"since": "2028-01-01"}))
    assert (empty.status_code, "There is no credit in what you chose." in empty.text) == (422, True)
    answer = alice.submit(PATH, PATH, **chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, "/transcript#issued")
    row = house.db.read_now(lambda conn: conn.execute(select(TRANSCRIPT)).one())
    said = TranscriptSnapshot.from_json(row.snapshot)
    assert (row.number[0], row.kind.value, row.scope) == (
        "P",
        "packet",
        {"from": "2026-01-01", "until": "2028-12-31", "board": "us-ny-pe"},
    )
    assert said.estimate is not None
    assert (said.estimate.board, said.estimate.earned_minutes, len(said.lines)) == ("us-ny-pe", 150, 1)
    assert alice.get(f"/transcripts/{row.number}.pdf").content[:5] == b"%PDF-"
    assert stranger.get(f"/transcripts/{row.number}.pdf").status_code == 404


def test_a_certificate_that_is_being_checked_is_named_and_not_attached(house: House, tmp_path: Path) -> None:
    """A packet for a board never says that none was handed in. Once it is clean another packet has it inside."""
    who = house.db.write_now(learning)
    house.db.write_now(demonstrate, who, 1)
    record_due_credit(house.db, NOW)
    sha256 = house.store.keep_bytes(b"%PDF-1.7 and so on").sha256
    house.db.write_now(partial(stated, evidence_name="a.pdf", evidence_sha256=sha256), who.person_id)
    wanted = Wanted(PACKETS, options=Options(stated=True))

    def drawn_up() -> tuple[Draft, list[str]]:
        found = house.db.read_now(draft, make.visitor(who.person_id), wanted, house.settings)
        assert [(row.evidence_name, row.evidence_sha256) for row in found.stated] == [("a.pdf", sha256)]
        said = packet(stated=found.stated)
        return found, [name for _, name in attached(said, house.store, tmp_path, withheld=withheld(found))]

    house.db.write_now(wait, [sha256], NOW.real)
    waits, none = drawn_up()
    house.db.write_now(keep_answer, sha256, Answer(ScanState.CLEAN, ""), NOW.real)
    clean, one = drawn_up()
    assert (none, one) == ([], ["stated-1.pdf"])
    assert waits.content_sha256 != clean.content_sha256
