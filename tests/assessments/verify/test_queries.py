"""What the record says of a badge that is given: which of its forms, and why there are newer ones."""

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.awards.models import AwardChoice
from assessments.badges.models import CredentialIssue
from assessments.badges.proof import CRYPTOSUITE
from assessments.badges.queries import AWARD
from assessments.verify.looking import Given, Kind
from assessments.verify.queries import KnownBadge, known
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import LATER

BASE = "https://learn.example"


def _form(conn: Connection, award_id: str, number: int, why: str = "", told: str = "") -> str:
    """A row like that of a signed form; returns the value of its proof."""
    value, token = f"z{number}" * 30, f"token {number}"
    row: dict[str, Any] = {
        "document": json.dumps({"name": told, "proof": [{"cryptosuite": CRYPTOSUITE, "proofValue": value}]}).encode(),
        "document_sha256": str(number) * 64,
        "picture_sha256": "ab" * 32,
        "key_id": "z6Mk",
        "jwt": token,
        "jwt_sha256": hashlib.sha256(token.encode()).hexdigest(),
        "issued_at": LATER,
    }
    add(conn, CredentialIssue(id=new_id(), award_id=award_id, number=number, why=why, **row))
    return value


def _award(conn: Connection, **changes: Any) -> tuple[str, str]:
    award_id = an_award(conn, base_url=BASE, **changes)
    return award_id, conn.execute(select(AWARD.c.slug).where(AWARD.c.id == award_id)).scalar_one()


def _known(conn: Connection, given: Given) -> KnownBadge:
    found = known(conn, make.visitor(), given).thing
    assert isinstance(found, KnownBadge)
    return found


def test_every_form_is_known_by_its_proof_and_its_token(conn: Connection) -> None:
    award_id, slug = _award(conn, number=3)
    values = [_form(conn, award_id, number, why) for number, why in ((1, ""), (2, "Name."), (3, "Appeal."))]
    whys = [("Name.", "Appeal."), ("Appeal.",), ()]
    for number, (value, why) in enumerate(zip(values, whys, strict=True), start=1):
        for given in (
            Given(Kind.BADGE, slug, form=value),
            Given(Kind.TOKEN, slug, form=hashlib.sha256(f"token {number}".encode()).hexdigest()),
        ):
            found = _known(conn, given)
            assert (found.form, found.number, found.why) == (number, 3, why)
    assert _known(conn, Given(Kind.SLUG, slug)).form == 3


def test_a_form_that_we_never_made_has_no_number(conn: Connection) -> None:
    award_id, slug = _award(conn)
    _form(conn, award_id, 1)
    for form in ("z9" * 30, ""):
        assert _known(conn, Given(Kind.BADGE, slug, form=form)).form == 0
        assert _known(conn, Given(Kind.TOKEN, slug, form=form)).form == 0


def test_a_form_is_known_by_its_proof_alone_and_by_nothing_else_that_it_says(conn: Connection) -> None:
    """Whoever stole a key could otherwise have what it signed named in an honest form, by whoever writes evidence."""
    award_id, slug = _award(conn)
    _form(conn, award_id, 1, told="z9" * 30)
    assert _known(conn, Given(Kind.BADGE, slug, form="z9" * 30)).form == 0


def test_a_newer_form_that_is_being_signed_counts_already(conn: Connection) -> None:
    award_id, slug = _award(conn)
    value = _form(conn, award_id, 1)
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(number=2, why="The name was corrected."))
    found = _known(conn, Given(Kind.BADGE, slug, form=value))
    assert (found.form, found.number, found.why) == (1, 2, ("The name was corrected.",))


def test_what_its_earner_hides_and_what_is_not_there(conn: Connection) -> None:
    award_id, slug = _award(conn)
    found = _known(conn, Given(Kind.SLUG, slug))
    assert (found.shown, found.form, found.document) == (True, 0, b"")
    add(conn, AwardChoice(award_id=award_id, shown=False, changed_at=LATER))
    assert _known(conn, Given(Kind.SLUG, slug)).shown is False
    for key in ("2" * 22, ""):
        assert known(conn, make.visitor(), Given(Kind.BADGE, key)).thing is None


def test_a_newer_badge_for_the_same_is_known(conn: Connection) -> None:
    award_id, slug = _award(conn)
    assert _known(conn, Given(Kind.SLUG, slug)).renewed_at is None
    newer = an_award(conn, base_url=BASE, renews_id=award_id)
    assert _known(conn, Given(Kind.SLUG, slug)).renewed_at == LATER
    conn.execute(update(AWARD).where(AWARD.c.id == newer).values(revoked_at=LATER))
    assert _known(conn, Given(Kind.SLUG, slug)).renewed_at is None
