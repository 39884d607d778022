"""Badges: page and file under load, signing one beside the bare parts of it, and a status list of a million places."""

import gzip
import hashlib
import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyld import jsonld
from sqlalchemy import select

from assessments.badges.contexts import load_pinned
from assessments.badges.issuing import prepare
from assessments.badges.keys import KeyRing, SigningKey, load_keys, new_signing_key
from assessments.badges.plain import read_json
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.signing import Unsigned, sign
from assessments.status.bits import make_bits
from assessments.status.lists import sign_list
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings
from tests.bench.contest import Failed, Side
from tests.bench.measures import Bench, finding
from tests.bench.report import Finding, Goal
from tests.bench.requests import get
from tests.bench.timed import in_turn, seconds_of

PAGE, FILE, JSON = "badge page", "badge JSON", "application/vc+ld+json"
MILLION, SET = 1_000_000, 50_000
SEED = 20261122


def pages(bench: Bench) -> list[Finding]:
    """What everybody may read of a badge, for people and for machines, beside a bare hello."""
    path, port = f"/badges/{bench.school.badge}", bench.app.port
    hello = Side(bench.bare.port, [get(bench.bare.port, "/hello")])
    page = bench.contest(PAGE, Side(port, [get(port, path)]), hello)
    file = bench.contest(FILE, Side(port, [get(port, path, accept=JSON)]), hello)
    return [
        finding(bench, PAGE, page, "bare hello", Goal(0.5, floor=True)),
        finding(bench, FILE, file, "bare hello"),
    ]


def signing(bench: Bench) -> list[Finding]:
    """An award from its row to both signed and checked forms, beside canonicalising and signing it and no more."""
    bench.step("signing a badge")
    settings = Settings(home=bench.home, base_url=f"http://127.0.0.1:{bench.app.port}")
    keys, unsigned = load_keys(settings), _unsigned(bench, settings)
    document = read_json(sign(unsigned, keys, settings).document)
    bare_parts = _bare_parts(document, keys)
    bare, ours = in_turn(
        bench.rounds * 8,
        lambda: seconds_of(bare_parts),
        lambda: seconds_of(lambda: sign(unsigned, keys, settings)),
    )
    beside = f"PyLD, Ed25519 and RSA alone: {bare * 1000:.1f} ms"
    return [Finding("a badge signed twice and checked", ours / bare, beside, rate=1 / ours, p50=ours * 1000)]


def _unsigned(bench: Bench, settings: Settings) -> Unsigned:
    """The award of the bench as if it had to be signed again; nothing of it is kept."""
    db = Database(settings.database)
    try:
        with db.writer.connect() as conn:
            award_id = conn.execute(select(AWARD.c.id).where(AWARD.c.slug == bench.school.badge)).scalar_one()
            restate(conn, award_id, "For the bench.", real_time(), actor_id=None)
            unsigned = prepare(conn, award_id, settings.public_url, real_time())
            conn.rollback()
    finally:
        db.close()
    if unsigned is None:
        raise Failed("the award of the bench cannot be signed again")
    return unsigned


def _bare_parts(document: Any, keys: KeyRing) -> Callable[[], object]:
    """Options and document canonicalised by PyLD, their digests signed, and the document signed as a token."""
    ed25519, rsa = (load_pem_private_key(key.pem(), None) for key in (keys.signing, keys.jwt))
    if not isinstance(ed25519, Ed25519PrivateKey) or not isinstance(rsa, RSAPrivateKey):
        raise Failed("the keys of the bench are of another kind")
    proof = document["proof"][0]
    plain = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = plain["@context"]
    how = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_pinned}

    def act() -> None:
        quads = [jsonld.normalize(part, how).encode() for part in (options, plain)]
        ed25519.sign(b"".join(hashlib.sha256(one).digest() for one in quads))
        rsa.sign(urlsafe_b64encode(json.dumps(plain).encode()), PKCS1v15(), SHA256())

    return act


@dataclass(frozen=True, slots=True)
class _List:
    """A list as its row says it."""

    number: int = 1
    size: int = MILLION
    changes: int = SET


def status_list(bench: Bench) -> list[Finding]:
    """From the places that are set to a signed list that was read back, beside gzip and base64 of the same bits."""
    bench.step(f"a status list of {MILLION:,} places")
    places = random.Random(SEED).sample(range(MILLION), SET)  # noqa: S311 the bench's own choice
    bits, key, now = make_bits(MILLION, places), new_signing_key(), real_time()
    bare, ours = in_turn(
        bench.rounds * 2,
        lambda: seconds_of(lambda: urlsafe_b64encode(gzip.compress(bits, mtime=0))),
        lambda: seconds_of(lambda: _list(places, key, now)),
    )
    beside = f"gzip and base64 alone: {bare * 1000:.0f} ms"
    return [Finding(f"status list of {MILLION:,}, {SET:,} set", ours / bare, beside, p50=ours * 1000)]


def _list(places: list[int], key: SigningKey, now: Any) -> object:
    made: Any = _List()
    return sign_list(made, places, "did:web:learn.example", "https://learn.example", key=key, now=now)
