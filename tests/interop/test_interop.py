"""Badges, tokens and status lists as our app serves them, checked by libraries that share no code with ours."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.awards.revoking import revoke as revoke_award
from assessments.badges.contexts import PINNED, pinned_context
from assessments.badges.jwt import sign_jwt
from assessments.badges.keys import JwtKey, SigningKey, load_keys, new_jwt_key, new_signing_key
from assessments.badges.keys.turning import revoke, rotate
from assessments.badges.proof import sign_credential
from assessments.transcripts.models import Transcript
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.clock import Now, real_time
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import Awarded, of_person, ready, sweep
from tests.assessments.badges.factory import at, leaves, put
from tests.assessments.credit.factories import NOW
from tests.interop.running import Case, missing, refusals

TOLD_APART = pytest.mark.skipif(bool(missing()), reason=missing())
NOTHING = ""
RECORD = "/transcript/learner-record"
TRANSCRIPT = table(Transcript)


@dataclass(frozen=True)
class Served:
    """What our app serves of one badge, and all that a verifier looks up."""

    badge: str
    token: str
    list: str
    documents: dict[str, Any]


def _with(text: str, path: Any) -> str:
    document = json.loads(text)
    value = at(document, path)
    put(document, path, value + 1 if isinstance(value, int | float) else f"{value}x")
    return json.dumps(document)


@pytest.fixture
def badge(house: House) -> Awarded:
    """Signed now, since status lists are."""
    who = house.db.write_now(ready)
    assert sweep(house, Now(real=real_time(), school=NOW.school)) == 1
    return of_person(house.db, who)


def serve(guest: Any, badge: Awarded) -> Served:
    text, token = (guest.get(f"/badges/{badge.slug}/credential.{form}").text for form in ("json", "jwt"))
    status = json.loads(text)["credentialStatus"]["statusListCredential"]
    kid = json.loads(_decoded(token.split(".")[0]))["kid"]
    did, key, answer = (guest.get(url) for url in ("/.well-known/did.json", kid, status))
    documents = {url: pinned_context(url) for url in PINNED}
    documents |= {did.json()["id"]: did.json(), status: answer.json()}
    if key.status_code == 200:
        documents[kid] = key.json()
    return Served(text, token, answer.text, documents)


def whole(served: Served) -> list[Case]:
    return [
        Case("badge", "badge", served.badge),
        Case("list", "list", served.list),
        Case("token", "token", served.token),
    ]


def judge(served: Served, folder: Path, more: Iterable[Case] = ()) -> dict[str, str]:
    return refusals([*whole(served), *more], served.documents, real_time() + timedelta(minutes=1), folder)


@TOLD_APART
def test_ours_is_accepted_and_what_was_altered_is_not(badge: Awarded, browser: Any, tmp_path: Path) -> None:
    served = serve(browser(), badge)
    found = judge(served, tmp_path, _forged(served))
    assert {name: why for name, why in found.items() if name in ("badge", "list", "token")} == {
        "badge": NOTHING,
        "list": NOTHING,
        "token": NOTHING,
    }
    assert [name for name, why in found.items() if why == NOTHING] == ["badge", "list", "token"]


@pytest.mark.slow
@TOLD_APART
def test_every_single_value_counts(badge: Awarded, browser: Any, tmp_path: Path) -> None:
    served = serve(browser(), badge)
    cases = list(_every_value("badge", served.badge)) + list(_every_value("list", served.list))
    assert len(cases) > 80
    found = judge(served, tmp_path, cases)
    assert [name for name, why in found.items() if why == NOTHING] == ["badge", "list", "token"]


@pytest.mark.slow
@TOLD_APART
def test_a_learner_record_is_accepted_in_both_forms_and_altered_in_none(
    badge: Awarded, house: House, browser: Any, tmp_path: Path
) -> None:
    served, learner = serve(browser(), badge), browser(badge.who.person_id)
    learner.submit(RECORD, RECORD)
    number = house.db.read_now(lambda conn: conn.execute(select(TRANSCRIPT.c.number)).scalar_one())
    text, token = (learner.get(f"/transcripts/{number}.{form}").text for form in ("json", "jwt"))
    ours = [Case("record", "list", text), Case("record token", "token", token)]
    named = (path for path in leaves(json.loads(text)) if "identityHash" in path or "creditsEarned" in path)
    other = [Case(str(path), "list", _with(text, path)) for path in named]
    assert len(other) >= 4
    found = judge(served, tmp_path, [*ours, *other])
    accepted = [name for name, why in found.items() if why == NOTHING]
    assert accepted == ["badge", "list", "token", "record", "record token"]


@pytest.mark.slow
@TOLD_APART
def test_rotation_changes_nothing_and_revocation_all(
    badge: Awarded, house: House, browser: Any, tmp_path: Path
) -> None:
    guest, ring = browser(), load_keys(house.settings)
    used = (ring.signing.public.key_id, ring.jwt.public.key_id)
    for kind in (SigningKey, JwtKey):
        rotate(house.settings, kind)
    assert set(judge(serve(guest, badge), tmp_path).values()) == {NOTHING}
    registrar = house.db.write_now(_registrar)
    house.db.write_now(revoke_award, registrar, badge.award_id, "Issued by mistake.")
    revoked = judge(serve(guest, badge), tmp_path)
    assert revoked == {"badge": "revoked", "list": NOTHING, "token": NOTHING}
    for key_id in used:
        revoke(house.settings, key_id, "Stolen.", real_time())
    without = judge(serve(guest, badge), tmp_path)
    assert {name: bool(why) for name, why in without.items()} == {"badge": True, "list": False, "token": True}
    assert "not authorized" in without["badge"]


def _registrar(conn: Connection) -> Visitor:
    return make.visitor(make.with_role(conn, Role.REGISTRAR), real_time(), (Role.REGISTRAR, ""))


def _every_value(kind: str, text: str) -> Iterator[Case]:
    for path in leaves(json.loads(text)):
        altered = json.loads(text)
        value = at(altered, path)
        put(altered, path, value + 1 if isinstance(value, int | float) else f"{value}x")
        yield Case(f"{kind} {path}", kind, json.dumps(altered))


def _forged(served: Served) -> Iterator[Case]:
    """One of each kind of alteration."""
    badge = json.loads(served.badge)
    renamed = {**badge, "name": "Another"}
    yield Case("a name", "badge", json.dumps(renamed))
    yield Case("an unsigned member", "badge", json.dumps({**badge, "ceuHours": 400}))
    unsigned = {name: value for name, value in badge.items() if name != "proof"}
    yield Case("no proof", "badge", json.dumps(unsigned))
    other = sign_credential(unsigned, new_signing_key(), created=NOW.real)
    yield Case("another's key", "badge", json.dumps(other))
    header, payload, signature = served.token.split(".")
    yield Case("a token's payload", "token", f"{header}.{_changed(payload)}.{signature}")
    yield Case("a token's signature", "token", f"{header}.{payload}.{signature[:-6]}AAAAAA")
    kid = json.loads(_decoded(header))["kid"]
    yield Case("a token under another's key", "token", sign_jwt(unsigned, new_jwt_key(), kid))
    changed = json.loads(served.list)
    bits = changed["credentialSubject"]["encodedList"]
    put(changed, ("credentialSubject", "encodedList"), bits[:-4] + "AAAA")
    yield Case("a list's bits", "list", json.dumps(changed))
    yield Case("a badge whose list was altered", "badge", served.badge, json.dumps(changed))


def _changed(part: str) -> str:
    payload = json.loads(_decoded(part))
    return _encoded(json.dumps({**payload, "name": "Another"}).encode())


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
