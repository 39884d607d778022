"""Learner records through the pages: signed, kept, and everybody else's business not at all."""

import hashlib
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.badges.addresses import issuer_profile, key_url
from assessments.badges.checks import Verdict
from assessments.badges.keys import KeyRing, SigningKey, load_keys
from assessments.badges.keys.turning import revoke, rotate
from assessments.badges.plain import read_json
from assessments.badges.queries import AWARD
from assessments.clr.checking import check_record, check_record_jwt, credentials_in
from assessments.clr.queries import held_by
from assessments.transcripts.models import Transcript
from assessments.transcripts.scope import WHOLE, Scope
from fourweek.accounts.models import Role
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import awarded
from tests.assessments.clr.factory import official_schema
from tests.assessments.credit.factories import LATER
from tests.statements import statements

TRANSCRIPT = table(Transcript)
PATH = "/transcript/learner-record"


def issued(house: House) -> list[Any]:
    return house.db.read_now(lambda conn: list(conn.execute(select(TRANSCRIPT).order_by(TRANSCRIPT.c.number)).all()))


def verdicts(house: House, document: bytes, jwt: str, keys: KeyRing) -> list[Verdict]:
    issuer, token = issuer_profile(house.settings), keys.jwt.public
    ours = {issuer.id: keys.public}
    tokens = {issuer.id: {key_url(issuer.url, token.key_id): token}}
    now = LATER.replace(year=LATER.year + 1)
    whole = check_record(read_json(document), issuers=ours, now=now)
    return [whole.whole.verdict, check_record_jwt(jwt, tokens=tokens, issuers=ours, now=now).whole.verdict]


def test_a_record_holds_the_badge_and_the_credit_and_is_the_learners_alone(house: House, browser: Any) -> None:
    badge = awarded(house)
    assert browser().get(PATH).headers["location"] == f"/sign-in?next={PATH}"
    stranger = browser(house.db.write_now(make.person, "Carol Dunn"))
    assert "No credit yet" in stranger.get(PATH).text
    alice = browser(badge.who.person_id)
    with statements(house.db) as count:
        page = alice.get(PATH)
    assert ("Badges, as they were signed" in page.text, count.number) == (True, 6)
    for _ in range(2):
        assert alice.submit(PATH, PATH).headers["location"] == "/transcript#issued"
    (row,) = issued(house)
    assert (row.number[0], row.kind.value, row.pdf_sha256, row.csv_sha256) == ("L", "clr", "", "")
    document, token = (alice.get(f"/transcripts/{row.number}.{ending}") for ending in ("json", "jwt"))
    assert document.headers["content-disposition"] == f'attachment; filename="clr-{row.number}.json"'
    assert [hashlib.sha256(one.content).hexdigest() for one in (document, token)] == [row.json_sha256, row.jwt_sha256]
    found = read_json(document.content)
    assert [error.message for error in official_schema().iter_errors(found)] == []
    assert credentials_in(found)[-1] == read_json(badge.document)
    assert (len(credentials_in(found)), found.get("partial")) == (2, None)
    assert verdicts(house, document.content, token.text, load_keys(house.settings)) == [Verdict.VALID] * 2
    registrar = browser(house.db.write_now(make.with_role, Role.REGISTRAR))
    asked = [one.get(f"/transcripts/{row.number}.json").status_code for one in (stranger, registrar, alice)]
    assert asked == [404, 404, 200]


def test_a_badge_under_a_revoked_key_is_left_out_and_the_record_says_it_is_partial(house: House, browser: Any) -> None:
    badge = awarded(house)
    stolen = load_keys(house.settings).signing.public.key_id
    rotate(house.settings, SigningKey)
    revoke(house.settings, stolen, "Stolen.", LATER)
    alice = browser(badge.who.person_id)
    alice.submit(PATH, PATH)
    (row,) = issued(house)
    found = read_json(alice.get(f"/transcripts/{row.number}.json").content)
    assert (len(credentials_in(found)), found["partial"]) == (1, True)


def test_badges_that_do_not_hold_or_are_of_other_courses_are_not_held(house: House) -> None:
    badge = awarded(house)
    who, other = badge.who.person_id, awarded(house, "Bob Marsh").who.person_id

    def held(scope: Scope = WHOLE) -> tuple[int, int]:
        found = house.db.read_now(held_by, who, scope, LATER)
        return len(found.badges), found.left_out

    def changed(**values: Any) -> None:
        def write(conn: Connection) -> None:
            conn.execute(update(AWARD).where(AWARD.c.id == badge.award_id).values(**values))

        house.db.write_now(write)

    assert other != who
    assert (held(), held(Scope(courses=(badge.who.course.code,))), held(Scope(courses=("other",)))) == (
        (1, 0),
        (1, 0),
        (0, 0),
    )
    changed(number=2)
    assert held() == (0, 1)
    changed(number=1, valid_until=LATER)
    assert held() == (0, 0)
    changed(valid_until=None, revoked_at=LATER)
    assert held() == (0, 0)
