"""A frame and the template environment, without a server."""

from jinja2 import Environment

from fourweek.pages import Demo, Frame, Pages, PersonBadge


def environment() -> Environment:
    """The one that serves pages, with addresses that need no routes."""
    env = Pages((), str).env
    env.globals["url"] = lambda route, **params: "/" + "/".join([route, *map(str, params.values())])
    return env


def frame() -> Frame:
    return Frame(
        institution="Harbour Institute",
        title="A page",
        person=PersonBadge("Amina Okafor", "AO"),
        links=(("Home", "/", False), ("Courses", "/courses", True)),
        form_token="a\"b<c'd",
        demo=Demo("Wednesday 9 December 2026, 09:00 (Europe/Berlin)", "/demo/clock", (("86400", "1 day on"),), "/demo"),
        flash="Draft saved.",
        path="/patterns",
    )
