"""The seal apart from its document, beside the bare signature; and the memory of fonts and of sealing."""

import subprocess
import sys
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from assessments.seal.certificates import SealKey
from assessments.seal.checking import check_seal
from assessments.seal.service import seal
from assessments.transcripts.pdf import transcript_pdf
from fourweek.clock import real_time
from tests.assessments.transcripts.factory import snapshot
from tests.bench.measures import Bench
from tests.bench.report import Finding
from tests.bench.timed import in_turn, seconds_of

MANY = 20
"""Seals that are timed together: one takes a hundredth of a second."""
_MEMORY = """
import os
from assessments.transcripts.parts import Learner
from assessments.transcripts.pdf import transcript_pdf
from tests.assessments.seal.factories import NOW, one_key
from tests.assessments.transcripts.factory import line, snapshot
from tests.bench.processes import peaks

def peak():
    return peaks(os.getpid())[os.getpid()] / 1048576

made = [transcript_pdf(snapshot())]
latin = peak()
names = ("محمد", "שלום", "ศิรินทร์", "देवनागरी", "김민준", "欧阳", "髙橋 たかし", "陳大文")
for name in names:
    made.append(transcript_pdf(snapshot([line()], learner=Learner(legal_name=name, number="1"))))
scripts = peak()
from assessments.seal.service import seal
seal(made[0], one_key(), NOW)
print(latin, scripts - latin, peak() - scripts)
"""


def sealing(bench: Bench) -> list[Finding]:
    """One page sealed and checked, beside hashing and signing it alone; and what a process grows by, once."""
    bench.step("the seal of a document")
    now = real_time()
    key, document = SealKey.make("Bench", now), transcript_pdf(snapshot())
    sealed = seal(document, key, now).data
    private = key.private
    assert isinstance(private, EllipticCurvePrivateKey)
    bare, ours = in_turn(
        bench.rounds,
        lambda: _each(lambda: private.sign(document, ECDSA(SHA256()))),
        lambda: _each(lambda: seal(document, key, now)),
    )
    verify, check = in_turn(
        bench.rounds,
        lambda: _each(lambda: private.sign(document, ECDSA(SHA256()))),
        lambda: _each(lambda: check_seal(sealed, {key.fingerprint})),
    )
    latin, scripts, sealer = _memory()
    beside = "P-256 signature alone"
    return [
        Finding("a document sealed", ours / bare, f"{beside}: {bare * 1000:.2f} ms", None, 1 / ours, ours * 1000),
        Finding("… its seal checked", check / verify, beside, None, 1 / check, check * 1000),
        Finding("a process that made one document", latin, "", unit=" MiB"),
        Finding("… more for eight other scripts", scripts, "", unit=" MiB"),
        Finding("… more for sealing", sealer, "", unit=" MiB"),
    ]


def _each(act: Callable[[], object]) -> float:
    """Seconds that one of many takes."""

    def many() -> None:
        for _ in range(MANY):
            act()

    return seconds_of(many) / MANY


def _memory() -> tuple[float, float, float]:
    """MiB of a process of its own: with one document in Latin letters, then other scripts, then sealing."""
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, check=True, text=True)
    latin, scripts, sealer = map(float, done.stdout.split())
    return latin, scripts, sealer
