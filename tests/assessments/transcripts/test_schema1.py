"""Documents of the first schema: kept as they were, and printed again to the byte."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import pytest

from assessments.transcripts.document import FIRST_SCHEMA, TranscriptSnapshot
from assessments.transcripts.pdf import transcript_pdf
from assessments.transcripts.table import read_rows, transcript_csv

KEPT = (Path(__file__).parent / "golden" / "transcript-1.json").read_bytes()
TYPST = "0.15.2"
PDF = "4410dca8950887808e556b23c5e9853c86b78452834e7d2e5fcf95ac2b8a41cc"
CSV = "b3b3c09d1c9a8128f2d3beaffa67db13a4c7d56a57cc36ce9e3ccf045584c4e4"


def test_a_snapshot_of_the_first_schema_reads_back_to_its_bytes() -> None:
    snapshot = TranscriptSnapshot.from_json(KEPT)
    assert snapshot.schema == FIRST_SCHEMA
    assert snapshot.to_json() == KEPT


def test_its_table_is_the_one_of_then() -> None:
    data = transcript_csv(TranscriptSnapshot.from_json(KEPT))
    assert hashlib.sha256(data).hexdigest() == CSV
    assert list(read_rows(data)[0])[-2:] == ["Status", "Attendance"]


@pytest.mark.skipif(version("typst") != TYPST, reason="these bytes were made by another typesetter")
def test_its_pdf_is_the_one_of_then() -> None:
    assert hashlib.sha256(transcript_pdf(TranscriptSnapshot.from_json(KEPT))).hexdigest() == PDF
