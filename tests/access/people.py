"""Who asks, and what a declaration says of them beforehand."""

from dataclasses import dataclass

from fastapi.routing import APIRoute

from fourweek.accounts.access import ALLOWS
from fourweek.accounts.declaring import Access, Reach, Who, access_of
from fourweek.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody by the name of the world, with a `role` for the institution, for the first cohort, its course, the
    learner's section or the section beside it, or for the second cohort."""

    name: str
    words: str
    role: Role | None = None
    where: str = ""
    learns_in: str = ""

    @property
    def is_inside(self) -> bool:
        """Whether they have a part in what the addresses name, and so may know that it is there."""
        return self.where not in {"", "second"} or self.learns_in == "first"


PERSONAS = (
    Persona("", "a guest"),
    Persona("alice", "the learner", learns_in="first"),
    Persona("bea", "another learner of the cohort", learns_in="first"),
    Persona("carl", "a learner of another cohort", learns_in="second"),
    Persona("greta", "a grader", Role.GRADER, "first"),
    Persona("gina", "the grader who decided", Role.GRADER, "first"),
    Persona("gus", "a grader of another cohort", Role.GRADER, "second"),
    Persona("ines", "an instructor", Role.INSTRUCTOR, "first"),
    Persona("lena", "a lead", Role.LEAD, "first"),
    Persona("cleo", "a lead of the course", Role.LEAD, "course"),
    Persona("stan", "a lead of the section", Role.LEAD, "section"),
    Persona("sela", "a lead of another section", Role.LEAD, "beside"),
    Persona("luis", "a lead of another cohort", Role.LEAD, "second"),
    Persona("amir", "an author", Role.AUTHOR, "institution"),
    Persona("rhea", "a registrar", Role.REGISTRAR, "institution"),
    Persona("otto", "an operator", Role.OPERATOR, "institution"),
)
OWNERS = {
    "/drafts/{draft_id}": "amir",
    "/comments/{comment_id}": "greta",
    "/grading/appeals/{appeal_id}": "greta",
    "/grading/{submission_id}/": "gina",
    "/enrol/take-back": "carl",
}
"""Whose something is, where it is not the learner's."""


APART = {
    ("/grading/appeals/{appeal_id}/take", "gina"): "who decided never judges an appeal of it",
    ("/grading/comments/{comment_id}", "cleo"): "a lead shares a comment, and its owner alone edits it",
    ("/grading/comments/{comment_id}", "lena"): "a lead shares a comment, and its owner alone edits it",
}
UNSEEN = {
    "/institution/logo": "no logo is set",
    "/institution/colours.css": "no colours are set",
    "/evidence/{evidence_id}/picture": "a note has no picture",
    "/account/second-factor/set-up": "nobody has begun to set one up",
    "/account/second-factor/codes": "nobody has one",
    "/account/second-factor/off": "nobody has one",
    "/sign-in/code": "no sign-in waits for a code",
    "/account/provider": "no provider is set",
    "/account/provider/link": "no provider is set",
    "/sign-in/provider": "no provider is set",
    "/sign-in/provider/back": "no provider is set",
    "/first-run": "there are accounts",
    "/terms": "no wording is set that is asked for",
    "/metrics": "asked for with a token of its own",
    "/issuer/seals/{fingerprint}.pem": "the school has no seal",
    "/{folder:path}/did.json": "the site lies in no folder",
}
"""What nobody gets in this world, whatever is declared: tests of their own show who does."""


def declared(route: APIRoute) -> Access:
    found = access_of(route.endpoint)
    assert found is not None, route.path
    return found


def is_let_in(route: APIRoute, one: Persona) -> bool:
    """What the route's declaration says of this person and the first cohort."""
    access = declared(route)
    if route.path in UNSEEN or (route.path, one.name) in APART:
        return False
    if access.for_guests:
        return True
    if not one.name:
        return False
    return _without_a_role(route, access, one) or _by_a_role(access, one)


def _without_a_role(route: APIRoute, access: Access, one: Persona) -> bool:
    owner = next((name for part, name in OWNERS.items() if part in route.path), "alice")
    return (
        not access.who.isdisjoint({Who.SIGNED_IN, Who.OFFERED})
        or (Who.OWNER in access.who and one.name == owner)
        or (Who.ENROLLED in access.who and one.learns_in == "first")
    )


def _by_a_role(access: Access, one: Persona) -> bool:
    if one.role is None:
        return False
    held = REACHES[one.where]
    return any(right.permission in ALLOWS[one.role] and right.reach in held for right in access.rights)


_PART = frozenset({Reach.ANYWHERE, Reach.PART})
_SECTION = _PART | {Reach.SECTION}
_COHORT = _SECTION | {Reach.HERE}
REACHES = {
    "institution": frozenset(Reach),
    "course": _COHORT | {Reach.COURSE},
    "first": _COHORT,
    "section": _SECTION,
    "beside": _PART,
    "second": frozenset({Reach.ANYWHERE}),
}
"""What a role given there reaches of the first cohort and the learner in it."""
