"""Frameworks that every school knows by name, so that a package may align with them before anybody imports one."""

from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class FrameworkFacts:
    """What a framework of skills is called and by whom; `key` names it in packages. Empty texts mean "not said"."""

    key: str
    title: str
    publisher: str = ""
    version: str = ""
    url: str = ""


KNOWN = {
    one.key: one
    for one in (
        FrameworkFacts(
            key="esco",
            title="ESCO: European Skills, Competences, Qualifications and Occupations",
            publisher="European Commission",
            url="https://esco.ec.europa.eu",
        ),
        FrameworkFacts(
            key="onet",
            title="O*NET Content Model",
            publisher="U.S. Department of Labor",
            url="https://www.onetcenter.org/content.html",
        ),
    )
}

SHORT = {"esco": "ESCO", "onet": "O*NET"}
"""What the ones of KNOWN are called in passing, by key."""
