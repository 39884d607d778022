"""Which page an address belongs to, and which routes give no page."""

from functools import cache
from typing import Final
from urllib.parse import urlsplit

from fastapi.routing import APIRoute

from fourweek.app import ROUTERS

ROUTES = tuple(
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ())
)
APART = ("what", "act")
"""Parts of an address that make another page of it."""

FILES: Final = [
    "achievement-picture",
    "achievement-picture-svg",
    "attendance-file",
    "award-file",
    "badge-drawing",
    "badge-evidence",
    "badge-file",
    "badge-picture",
    "badge-token",
    "calendar-file",
    "cohort-dates-csv",
    "cohort-progress-csv",
    "course-badge",
    "course-file",
    "document-schema",
    "draft-about-file",
    "draft-badge",
    "draft-file",
    "evidence-file",
    "evidence-picture",
    "institution-colours",
    "institution-logo",
    "module-file",
    "my-badge-code",
    "my-badge-file",
    "name-evidence",
    "receipt-pdf",
    "roster-csv",
    "rubric-toml",
    "seal",
    "seal-of",
    "shared-file",
    "stated-certificate",
    "stated-template",
    "status-list",
    "template-package",
    "transcript-file",
    "view-evidence",
    "view-file",
]
FOR_PROGRAMS: Final = [
    "api-achievement",
    "api-badge",
    "api-badge-status",
    "api-description",
    "api-issuer",
    "api-my-badges",
    "api-my-cohorts",
    "api-my-courses",
    "api-my-credit",
    "did",
    "did-in-folder",
    "did-without-folder",
    "healthz",
    "issuer-key",
    "metrics",
    "readyz",
    "upload",
]
NO_PAGES: Final = {
    **dict.fromkeys(FILES, "gives a file"),
    **dict.fromkeys(FOR_PROGRAMS, "answers programs"),
    **dict.fromkeys(("language", "notice-open", "provider-back"), "leads on"),
    "uploads": "a part of another page",
}
"""Routes that are read and give no page, with the reason."""


@cache
def page_of(path: str) -> str:
    """Name of the page at an address, such as "award-act revoke"; "" for what is no route of ours."""
    below = urlsplit(path).path
    for route in ROUTES:
        found = route.path_regex.match(below)
        if found:
            return " ".join([route.name, *(value for part, value in found.groupdict().items() if part in APART)])
    return ""
