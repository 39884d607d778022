"""PDF/A-3a and PDF/UA-1 by veraPDF's own rules, over sealed files as they are served, and faulty ones to be found.

Every kind of document is in `documents`, because starting Java once is what takes the time.
"""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from assessments.certificates.maker import certificate_pdf
from assessments.packets.maker import packet_pdf
from assessments.seal.service import seal
from assessments.transcripts.parts import Learner, LineStatus
from assessments.transcripts.pdf import Paper, transcript_pdf
from fourweek.storage.local import LocalStore
from tests.assessments.certificates.factory import certificate, full_lines
from tests.assessments.packets.factory import STATED, packet
from tests.assessments.seal.factories import NOW, one_key
from tests.assessments.transcripts.factory import APPROVAL, ISSUER, course, full_snapshot, line, snapshot
from tests.assessments.transcripts.verapdf import broken_rules

NAMES = (
    "محمد بن عبد الله",
    "פרח שָׁלוֹם־כהן",
    "ศิรินทร์ ใจดี",
    "देवनागरी श्रीवास्तव",
    "欧阳明",
    "陳大文",
    "髙橋 たかし",
    "김민준",
    "Nguyễn Thị Quỳnh Ưu",
    "Ελευθερία",
    "Юлия",
)
LONG = "Wolfeschlegelsteinhausenbergerdorff " * 4 + "X" * 90


def documents(folder: Path) -> dict[str, bytes]:
    """Documents of every kind by name, not sealed. `folder` is for a store of what a packet attaches."""
    store = LocalStore(folder / "store")
    stated = replace(STATED[0], evidence_sha256=store.keep_bytes(b"%PDF-1.7 of somebody else").sha256)
    many = [replace(one, module_title=LONG, outcomes=one.outcomes * 20) for one in full_lines()]
    marked = [
        line(module_number=2, status=LineStatus.AMENDED),
        line(module_number=3, status=LineStatus.REPEAT, ceu_tenths=0, zone="Asia/Kolkata"),
        line(module_title=LONG, course_title=LONG, completed_on=date(2026, 12, 1)),
    ]
    scripts = [line(module_number=number, module_title=name) for number, name in enumerate(NAMES, start=1)]
    return {
        "none": transcript_pdf(snapshot([])),
        "certificate": certificate_pdf(certificate(many, learner=Learner(legal_name=NAMES[0], number="1"), paper="a4")),
        "packet": packet_pdf(packet(stated=(stated, STATED[1])), store),
        "full-a4": transcript_pdf(full_snapshot()),
        "sixty": transcript_pdf(snapshot([one for index in range(15) for one in course(index)])),
        "marked-a4": transcript_pdf(snapshot(marked, learner=Learner(legal_name=LONG, number="1")), paper=Paper.A4),
        "scripts": transcript_pdf(
            snapshot(
                scripts, learner=Learner(legal_name=NAMES[0], number="1"), issuer=replace(ISSUER, approvals=(APPROVAL,))
            )
        ),
    }


def without_alternative_text(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    figures = [one for one in writer._objects if isinstance(one, DictionaryObject) and one.get("/S") == "/Figure"]
    assert len(figures) == 1
    del figures[0]["/Alt"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_sealed_documents_meet_both_standards_and_faulty_files_do_not(tmp_path: Path) -> None:
    bare = documents(tmp_path)
    good = {name: seal(data, one_key(), NOW).data for name, data in bare.items()}
    faulty = {
        "plain": typst.compile(b"Hello"),
        "no-alt": without_alternative_text(bare["none"]),
    }
    paths = [tmp_path / f"{name}.pdf" for name in good | faulty]
    for path in paths:
        path.write_bytes((good | faulty)[path.stem])
    found = broken_rules(paths)
    assert {key: rules for key, rules in found.items() if key.split(".")[0] in good} == {
        f"{name}.pdf {flavour}": [] for name in good for flavour in ("3a", "ua1")
    }
    assert any(rule.startswith("7.3-1:") for rule in found["no-alt.pdf ua1"])
    assert all(found[f"plain.pdf {flavour}"] for flavour in ("3a", "ua1"))
