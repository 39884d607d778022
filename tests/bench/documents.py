"""Short and long transcripts beside bare typst of the very same view; the seal is measured apart."""

import io
import subprocess
import sys
from dataclasses import replace

from pypdf import PdfReader

from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.pdf import transcript_pdf
from assessments.transcripts.pieces import OutcomeMet
from tests.assessments.transcripts.factory import course, snapshot
from tests.bench.measures import Bench
from tests.bench.report import Finding, Goal
from tests.bench.timed import bare_typst, in_turn, seconds_of

_OUTCOME = (OutcomeMet(key="measure", title="Choose what to measure, and say why"),)
_MEMORY = """
import os
from assessments.transcripts.pdf import transcript_pdf
from tests.bench.documents import long, short
from tests.bench.processes import peaks

def peak():
    return peaks(os.getpid())[os.getpid()] / 1048576

transcript_pdf(short())
before = peak()
transcript_pdf(long())
print(peak() - before)
"""


def short() -> TranscriptSnapshot:
    """One course: one page."""
    return snapshot()


def long() -> TranscriptSnapshot:
    """Two hundred lines of fifty courses: a dozen pages."""
    return snapshot([replace(line, outcomes=_OUTCOME) for index in range(50) for line in course(index)])


def documents(bench: Bench) -> list[Finding]:
    """Transcripts per second, each as a ratio to typst alone, and the memory that a long one takes."""
    bench.step("short and long transcripts beside bare typst")
    findings = [_finding(bench, made) for made in (short(), long())]
    return [*findings, Finding("… memory more for the long one", _memory(), "", unit=" MiB")]


def _finding(bench: Bench, made: TranscriptSnapshot) -> Finding:
    pages = len(PdfReader(io.BytesIO(transcript_pdf(made))).pages)
    alone = bare_typst(made)
    ours, bare = in_turn(bench.rounds * 2, lambda: seconds_of(lambda: transcript_pdf(made)), lambda: seconds_of(alone))
    name = f"transcript of {pages} page" + ("s" if pages > 1 else "")
    return Finding(name, ours / bare, f"bare typst: {bare * 1000:.0f} ms", Goal(1.3), 1 / ours, ours * 1000)


def _memory() -> float:
    """MiB that a process grows by, which made a short one before."""
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, check=True, text=True)
    return float(done.stdout)
