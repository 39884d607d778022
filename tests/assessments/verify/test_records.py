"""Learner records (CLR) that are given to be checked: as the very file, in another spelling, altered, of strangers."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.badges.checks import Verdict
from assessments.badges.keys import load_keys
from assessments.badges.queries import AWARD
from assessments.clr.signing import SignedRecord, sign_record
from assessments.transcripts.codes import code_hash
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind, DocumentLine
from assessments.transcripts.queries import TRANSCRIPT
from assessments.transcripts.standing import VALID
from assessments.verify.documents import REVOKED_INSIDE, document_answer
from assessments.verify.judging import judge_record
from assessments.verify.looking import Given, Kind, given_file, given_text
from assessments.verify.pages import Answer, answer
from assessments.verify.queries import By, Known, KnownDocument, known
from fourweek.database import add
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.clr.factory import HOLDER, record_snapshot
from tests.assessments.credit.factories import learning, recorded
from tests.assessments.sharing.factories import document, files_of
from tests.assessments.transcripts.factory import CODE
from tests.keys import put_jwt_key


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home: Path = tmp_path_factory.mktemp("home")
    put_jwt_key(home)
    return Settings(home=home, base_url="https://learn.harbour.example")


@pytest.fixture(scope="module")
def said() -> TranscriptSnapshot:
    plain = record_snapshot(1)
    address = f"https://learn.harbour.example/verify?code={CODE}"
    return replace(plain, document=replace(plain.document, verify_url=address))


@pytest.fixture(scope="module")
def signed(ours: Settings, said: TranscriptSnapshot) -> SignedRecord:
    return sign_record(said, HOLDER, (), load_keys(ours), ours, partial=False)


def in_record(said: TranscriptSnapshot) -> KnownDocument:
    return KnownDocument(
        number=said.document.number,
        kind=DocumentKind.CLR,
        issued_at=said.issued_at,
        initials="AO",
        lines=len(said.lines),
        minutes=said.totals.counted_minutes,
        tenths=said.totals.ceu_tenths,
        seal="",
        standing=VALID,
        snapshot=said.to_json(),
        name_shown=False,
        lines_shown=False,
        hidden=False,
        by=By.SIGNATURE,
    )


def judged(given: Given, thing: KnownDocument | None, ours: Settings, said: TranscriptSnapshot) -> Answer:
    found = Known(thing, (ours.public_url,))
    return answer(given, found, judge_record(given, found, ours, said.issued_at + timedelta(days=1)))


def test_it_is_known_by_the_code_that_it_carries(signed: SignedRecord) -> None:
    for given in (given_file(signed.document), given_file(signed.jwt.encode()), given_text(signed.jwt)):
        assert (given.kind, given.form) == (Kind.RECORD, code_hash(CODE))


def test_one_that_was_written_anew_holds_by_its_signatures(
    signed: SignedRecord, ours: Settings, said: TranscriptSnapshot
) -> None:
    for data in (json.dumps(json.loads(signed.document)).encode(), signed.jwt.encode()):
        found = judged(given_file(data), in_record(said), ours, said)
        assert (found.verdict, found.ours) == (Verdict.VALID, True)
        assert found.sentence.startswith("We signed it, and nothing in it was changed.")
        assert ("Document", "Learner record L-2026-000007") in found.facts
        missing = judged(given_file(data), None, ours, said)
        assert (missing.verdict, missing.ours, missing.document) == (Verdict.UNKNOWN, False, None)


def test_one_with_other_figures_is_altered(signed: SignedRecord, ours: Settings, said: TranscriptSnapshot) -> None:
    forged = signed.document.replace(b'"creditsEarned": 1', b'"creditsEarned": 9')
    assert forged != signed.document
    found = judged(given_file(forged), in_record(said), ours, said)
    assert (found.verdict, found.facts, found.document) == (Verdict.ALTERED, (), None)


def test_one_of_a_stranger_who_borrows_a_code_of_ours_gets_nothing(
    signed: SignedRecord, said: TranscriptSnapshot, tmp_path: Path
) -> None:
    others = Settings(home=tmp_path, base_url="https://elsewhere.example", institution="Elsewhere")
    found = judged(given_file(signed.document), in_record(said), others, said)
    assert (found.verdict, found.ours, found.facts) == (Verdict.ISSUER_UNKNOWN, False, ())


def test_the_record_knows_it_by_file_then_by_code(conn: Connection) -> None:
    made = document(conn, make.person(conn, "Alice Brook"), kind=DocumentKind.CLR)
    content: dict[str, Any] = {"type": ["ClrCredential"], "id": f"https://x.example/verify?code={made.code}"}
    given = given_file(json.dumps(content).encode())
    file = replace(given, key=given_file(files_of(made)["json"]).key)
    for asked, by in ((given, By.SIGNATURE), (file, By.FILE)):
        thing = known(conn, make.visitor(), asked).thing
        assert isinstance(thing, KnownDocument)
        assert (thing.number, thing.by) == (made.number, by)
    assert known(conn, make.visitor(), replace(given, form="")).thing is None


def test_it_says_that_a_badge_inside_was_revoked_since(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    entry = recorded(conn, who)
    award_id = an_award(conn, who)
    made = document(conn, who.person_id, kind=DocumentKind.CLR)
    row = conn.execute(select(TRANSCRIPT.c.id, TRANSCRIPT.c.issued_at).where(TRANSCRIPT.c.number == made.number)).one()
    add(conn, DocumentLine(document_id=row.id, entry_id=entry))

    def said() -> str:
        thing = known(conn, make.visitor(), Given(Kind.CODE, code_hash(made.code))).thing
        assert isinstance(thing, KnownDocument)
        return document_answer(replace(thing, snapshot=b""), "", Settings()).sentence

    for awarded, revoked, told in ((-2, None, False), (-2, -1, False), (-2, 1, True), (2, 3, False)):
        days = {"awarded_at": awarded, "revoked_at": revoked}
        dates = {name: day and row.issued_at + timedelta(days=day) for name, day in days.items()}
        conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(dates))
        assert (REVOKED_INSIDE in said()) is told


@pytest.mark.parametrize(
    "typed", [f"https://learn.example/verify?code={CODE}", f" learn.example/verify?code={CODE}#answer "]
)
def test_the_address_in_a_qr_code_is_its_code(typed: str) -> None:
    assert given_text(typed) == Given(Kind.CODE, code_hash(CODE))
