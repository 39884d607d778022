"""The link that opens LinkedIn's form for a certification, filled in. Pure."""

from datetime import date
from urllib.parse import quote, urlencode

FORM = "https://www.linkedin.com/profile/add"


def add_to_linkedin(*, name: str, organisation: str, issued: date, ends: date | None, address: str, number: str) -> str:
    """`organisation` is the number of the institution's page there, or its name; one of the two goes into the link.

    `ends` is the last day on which the badge holds, None leaves the expiry out; `address` is its public page.
    """
    whose = "organizationId" if organisation.isascii() and organisation.isdigit() else "organizationName"
    said: dict[str, str | int] = {"startTask": "CERTIFICATION_NAME", "name": name, whose: organisation}
    said |= {"issueYear": issued.year, "issueMonth": issued.month}
    if ends is not None:
        said |= {"expirationYear": ends.year, "expirationMonth": ends.month}
    return f"{FORM}?{urlencode(said | {'certUrl': address, 'certId': number}, quote_via=quote)}"
