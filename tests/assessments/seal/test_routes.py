"""The certificates of the seal at their public addresses, for anybody."""

from typing import Any

from assessments.seal.certificates import in_groups
from assessments.seal.keys import current_seal, rotate
from fourweek.clock import real_time
from fourweek.edge import House


def test_every_certificate_answers_at_its_address_and_stands_on_the_issuers_page(house: House, browser: Any) -> None:
    guest = browser()
    assert guest.get("/issuer/seal.pem").status_code == 404
    assert "appears here with the first document" in guest.get("/issuer").text
    old = current_seal(house.settings, real_time())
    new = rotate(house.settings, real_time())
    now = guest.get("/issuer/seal.pem")
    assert (now.content, now.headers["content-type"]) == (new.public_pem(), "application/x-pem-file")
    assert guest.get(f"/issuer/seals/{old.fingerprint}.pem").content == old.public_pem()
    assert guest.get(f"/issuer/seals/{'0' * 64}.pem").status_code == 404
    page = guest.get("/issuer").text
    assert [page.count(in_groups(key.fingerprint)) for key in (new, old)] == [1, 1]
    assert "PRIVATE" not in page + now.text
