"""PDFs with a seal that are none of the files we made: whole or broken, ours or a stranger's."""

import io
import threading
from dataclasses import fields
from pathlib import Path

import anyio
import pytest

from assessments.badges.checks import Verdict
from assessments.seal.certificates import SealKey
from assessments.seal.keys import current_seal
from assessments.seal.service import seal
from assessments.verify import judging
from assessments.verify.looking import Given, Kind, given_file
from assessments.verify.pages import answer
from assessments.verify.queries import AlteredDocument, Known, KnownDocument
from assessments.verify.sealing import SealFound, seal_of
from fourweek.settings import Settings
from tests.assessments.seal.factories import NOW, one_document, one_key

PRINT = "ab" * 32
ALTERED = AlteredDocument("T-2026-000123")


def test_a_seal_is_looked_at_by_a_process_of_its_own(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    ours: SealKey = current_seal(settings, NOW)
    sealed = seal(one_document(), ours, NOW)
    assert seal_of(io.BytesIO(sealed.data), settings) == SealFound(True, True, ours.fingerprint)
    strange = bytearray(seal(one_document(), one_key(), NOW).data)
    strange[len(one_document()) // 2] ^= 1
    assert seal_of(io.BytesIO(strange), settings) == SealFound(False, False, one_key().fingerprint)


@pytest.mark.parametrize(
    ("seal_found", "thing", "verdict", "words"),
    [
        (SealFound(True, True, PRINT), None, Verdict.UNKNOWN, "our seal unbroken, but it is not in our record"),
        (SealFound(True, True, PRINT), ALTERED, Verdict.UNKNOWN, "our seal unbroken, but it is not in our record"),
        (SealFound(True, True, PRINT, revoked=True), None, Verdict.UNKNOWN, "a certificate that we revoked"),
        (SealFound(False, True, PRINT), None, Verdict.ALTERED, "a seal of ours that is broken"),
        (SealFound(False, True, PRINT), ALTERED, Verdict.ALTERED, "It says that it is T-2026-000123"),
        (SealFound(True, False, PRINT), None, Verdict.ISSUER_UNKNOWN, "ABAB ABAB"),
        (SealFound(True, False, PRINT), ALTERED, Verdict.ALTERED, "It says that it is T-2026-000123"),
        (SealFound(False, False, PRINT), None, Verdict.UNKNOWN, "We did not make this file as it is."),
        (SealFound(), None, Verdict.UNKNOWN, "We did not make this file as it is."),
    ],
)
def test_what_is_said_of_a_seal(
    seal_found: SealFound, thing: AlteredDocument | None, verdict: Verdict, words: str
) -> None:
    given = given_file(b"%PDF-1.7 /ByteRange")
    assert given.pdf is not None
    said = answer(given, Known(thing), seal_found)
    assert (said.verdict, words in said.sentence, said.ours, said.facts) == (verdict, True, False, ())


@pytest.mark.parametrize("data", [b"%PDF-1.7 /ByteRange", b'{"type": ["ClrCredential"]}', b'{"proof": []}'])
def test_a_file_that_takes_long_keeps_no_code_waiting(
    data: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A stranger's PDF may take all the time that its process is given, and a badge seconds."""
    let_go, settings = threading.Event(), Settings(home=tmp_path)
    for work in ("seal_of", "judge", "judge_record"):
        monkeypatch.setattr(judging, work, lambda *_: SealFound() if let_go.wait(5) else None)
    monkeypatch.setattr(judging, "document_answer", lambda *_: let_go.set())
    document = KnownDocument(**dict.fromkeys((one.name for one in fields(KnownDocument)), None))  # type: ignore[arg-type]
    given, found = given_file(data), []

    async def both() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(slow)
            await anyio.wait_all_tasks_blocked()
            await judging.judged(Given(Kind.CODE, "c"), Known(document), settings)

    async def slow() -> None:
        found.append(await judging.judged(given, Known(None), settings))

    anyio.run(both)
    assert found == [SealFound()]
