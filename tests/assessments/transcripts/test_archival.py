"""PDF/A-3a and PDF/UA-1 by veraPDF's own rules: the documents that we make, and faulty ones that must be found."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from assessments.transcripts.parts import Learner, LineStatus
from assessments.transcripts.pdf import Paper, transcript_pdf
from tests.assessments.transcripts.factory import APPROVAL, ISSUER, course, line, snapshot
from tests.assessments.transcripts.verapdf import broken_rules

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 4 + "X" * 90


def documents() -> dict[str, bytes]:
    sixty = [one for index in range(15) for one in course(index)]
    marked = [
        line(module_number=2, status=LineStatus.AMENDED),
        line(module_number=3, status=LineStatus.REPEAT, ceu_tenths=0, zone="Asia/Kolkata"),
        line(module_title=LONG, course_title=LONG, completed_on=date(2026, 12, 1)),
    ]
    return {
        "none": transcript_pdf(snapshot([])),
        "one": transcript_pdf(snapshot([line()], issuer=replace(ISSUER, approvals=(APPROVAL,)))),
        "four-a4": transcript_pdf(snapshot(), paper=Paper.A4),
        "sixty": transcript_pdf(snapshot(sixty)),
        "marked": transcript_pdf(snapshot(marked, learner=Learner(legal_name=LONG, number="1"))),
        "vietnamese": transcript_pdf(snapshot(learner=Learner(legal_name="Nguyễn Thị Quỳnh Ưu", number="1"))),
        "devanagari": transcript_pdf(snapshot(learner=Learner(legal_name="देवनागरी श्रीवास्तव", number="1"))),
    }


def without_alternative_text(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    figures = [one for one in writer._objects if isinstance(one, DictionaryObject) and one.get("/S") == "/Figure"]
    assert len(figures) == 1
    del figures[0]["/Alt"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_transcripts_meet_both_standards_and_faulty_files_do_not(tmp_path: Path) -> None:
    """One test, because starting Java is what takes the time."""
    good = documents()
    faulty = {"plain": typst.compile(b"Hello"), "no-alt": without_alternative_text(good["one"])}
    paths = [tmp_path / f"{name}.pdf" for name in good | faulty]
    for path in paths:
        path.write_bytes((good | faulty)[path.stem])
    found = broken_rules(paths)
    assert {key: rules for key, rules in found.items() if key.split(".")[0] in good} == {
        f"{name}.pdf {flavour}": [] for name in good for flavour in ("3a", "ua1")
    }
    assert any(rule.startswith("7.3-1:") for rule in found["no-alt.pdf ua1"])
    assert all(found[f"plain.pdf {flavour}"] for flavour in ("3a", "ua1"))
