"""How an award stands, as those who show and check badges ask."""

from sqlalchemy import Connection, select, update

from assessments.status.places import AWARD, set_bit, take_place
from assessments.status.queries import AwardStanding, standings, standings_by_slug
from tests.assessments.status.factories import award
from tests.factories import START


def test_an_award_stands_by_its_newest_place(conn: Connection) -> None:
    signed, unsigned = award(conn), award(conn, name="Bob Carter")
    set_bit(conn, take_place(conn, signed, START).entry_id, START)
    newest = take_place(conn, signed, START)
    found = standings(conn, [signed, unsigned, "nobody"])
    assert found.keys() == {signed, unsigned}
    assert (found[signed].list_number, found[signed].place, found[signed].is_set) == (
        newest.number,
        newest.index,
        False,
    )
    assert (found[unsigned].list_number, found[unsigned].place, found[unsigned].is_set) == (None, None, False)


def test_an_award_is_found_by_its_address_too(conn: Connection) -> None:
    award_id = award(conn)
    place = take_place(conn, award_id, START)
    set_bit(conn, place.entry_id, START)
    said = {"revoked_at": START, "revoked_why": "Made in error.", "withdrawn_at": START}
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(said))
    slug = conn.execute(select(AWARD.c.slug).where(AWARD.c.id == award_id)).scalar_one()
    assert standings_by_slug(conn, [slug]) == {
        slug: AwardStanding(award_id, slug, place.number, place.index, True, START, "Made in error.", START)
    }
