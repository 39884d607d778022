"""`python -m tests.access.table` writes docs/access.md: every route and who may come, as it is declared."""

from collections.abc import Iterator
from pathlib import Path

from fastapi.routing import APIRoute

from fourweek import demo_clock
from fourweek.accounts.access import ALLOWS, Permission
from fourweek.accounts.declaring import Access, Who, access_of
from fourweek.app import ROUTERS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
BEGINNING = """# Who may come

Every route says beside its code who may come (`fourweek/accounts/declaring.py`). This page is made of that by
`python -m tests.access.table`; a test holds that it is true. What is declared decides nothing: who may touch what is
decided where it is fetched, and whoever may not see it gets the answer of what is not there. `tests/access` compares
both for every route: a world in which everything is there twice, in two cohorts, is asked by people of every kind for
the page, by HEAD, as a fragment, as JSON, with a slash at the end and with forms. `make prove` asks all by everybody.

"whose it is" is the learner, or the author, grader or decider of what the address names. A right is meant *there*: for
the cohort, the course or the institution that the address or the form names; *for the learner's section*, where it is
about one learner; *for a section there*, where all sections share it; *for its course*, and not for one cohort alone;
*anywhere*: what is shown then is what one has the right for; or *for the institution*. What is wider always does.

## Which role has which right

"""


def page() -> str:
    """The whole page as Markdown."""
    return BEGINNING + "\n".join((*_roles(), "", "## Routes", "", *_routes())) + "\n"


def _roles() -> Iterator[str]:
    yield "| right | roles |"
    yield "|---|---|"
    for permission in Permission:
        holders = [role.value for role, allowed in ALLOWS.items() if permission in allowed]
        yield f"| {_right(permission)} | {', '.join(holders)} |"


def _routes() -> Iterator[str]:
    yield "| route | who may come |"
    yield "|---|---|"
    found = [route for router in (*ROUTERS, demo_clock.router) for route in router.routes]
    for path, method, declared in sorted(line for route in found if isinstance(route, APIRoute) for line in _of(route)):
        yield f"| {method} `{path}` | {declared} |"


def _of(route: APIRoute) -> Iterator[tuple[str, str, str]]:
    declared = access_of(route.endpoint)
    assert declared is not None, route.path
    for method in sorted((route.methods or set()) - {"HEAD"}):
        yield route.path, method, words(declared)


def words(declared: Access) -> str:
    """Who may come, in words."""
    people = [one.value for one in Who if one in declared.who]
    rights = sorted(f"{_right(right.permission)} {right.reach.value}" for right in declared.rights)
    return "; ".join((*people, *rights))


def _right(permission: Permission) -> str:
    return f"*{permission.name.lower().replace('_', ' ')}*"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
