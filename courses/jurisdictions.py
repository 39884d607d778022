"""Names of the jurisdictions that boards serve, by their code in ISO 3166-2."""

from typing import Final

_STATES: Final = """
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware,
DC District of Columbia, FL Florida, GA Georgia, GU Guam, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa,
KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota,
MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico,
NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, PR Puerto Rico,
RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia,
WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming
"""
_NAMES: Final = {
    "US": "United States",
    **{f"US-{one.strip()[:2]}": one.strip()[3:] for one in _STATES.replace("\n", " ").split(",")},
}


def say_jurisdiction(code: str) -> str:
    """ "Florida" for "US-FL"; what has no name here stands as it was given."""
    return _NAMES.get(code, code)
