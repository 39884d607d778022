"""Real addresses for every route: each variable part filled with something of the world, or with what is not there."""

import re

from fastapi.routing import APIRoute

from tests.access.side import NOTE, NOW, Names, Side, sha256

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
ALIKE: dict[str, str] = {
    "/drafts/{draft_id}/modules/{number}/lessons/{slug}": "pressure",
    "/drafts/{draft_id}/modules/{number}/assignments/{key}": "reading",
    "/account/{what}": "disable",
    "/seals/{fingerprint}": "0" * 64,
    "/{folder:path}": "school",
    "/drafts/{draft_id}/files/{path:path}": "week1/fig/pump.svg",
    "/drafts/{draft_id}/modules/{number}/files/{path:path}": "week1/fig/pump.svg",
    "/modules/{n}": "1",
    "/modules/{number}": "1",
    "/lessons/{slug}": "secret-lesson-1-0",
    "/files/{path:path}": "figures/plan.svg",
    "/assignments/{key}": "note-1",
    "/agreement/{code}/{key}": "note-1",
    "/rubrics/{key}": "note-1",
    "/draft/{slot}": "report",
    "/checks/{slot}": "quiz",
    "/attempts/{attempt}": "1",
    "/{at}": "now",
    "/{act}": "revoke",
    "/unsubscribe/{token}/{kind}": "announcement",
    "/document.{ending}": "pdf",
    "/mine/{name}": "credential.json",
    "/forms/{number}": "1",
    "/forms/{number}/{name}": "badge.json",
    "/evidence/{sha256}": sha256(NOTE),
}
"""What is called the same in every cohort."""

IN_THE_DRAFT = re.compile(r"/assignments/\{key\}/(draft|submit|checks|uploads)")
STATES = (
    (re.compile(r"/grading/\{submission_id\}/(ready|send-back|post)$"), "unposted"),
    (re.compile(r"/grading/\{submission_id\}/(undo|change)$"), "posted"),
    (re.compile(r"/grading/\{submission_id\}/(ratings|second/off)"), "differing"),
    (re.compile(r"/grading/\{submission_id\}/compared"), "again"),
    (re.compile(r"/grading/\{submission_id\}"), "waiting"),
)


def filled(route: APIRoute, side: Names) -> str:
    """The route's address for what this side of the world has. Raises KeyError for a part that nothing is known of."""
    known = ALIKE | side
    state = next((state for pattern, state in STATES if pattern.search(route.path)), "")
    if state:
        known["/grading/{submission_id}"] = side[state]
    if IN_THE_DRAFT.search(route.path):
        known |= {"/modules/{number}": "2", "/assignments/{key}": "note-2"}
    if route.path.endswith("/attempts/{attempt}/compared"):
        known["/attempts/{attempt}"] = "2"
    if route.path.endswith("/pause"):
        known["/extensions/{key}"] = side["/extensions/{key}/pause"]
    return _replaced(route.path, known)


def _replaced(path: str, known: dict[str, str]) -> str:
    """Each part by the longest piece of the path before it that is known."""
    done, last = "", 0
    for match in _PART.finditer(path):
        until = path[: match.end()]
        names = [name for name in known if until.endswith(name) and "{" in name]
        if not names:
            raise KeyError(f"{path}: tests/access/world.py has nothing for {match.group()}")
        done += path[last : match.start()] + known[max(names, key=len)]
        last = match.end()
    return done + path[last:]


def not_there(side: Names) -> Names:
    """Names of the same shapes and lengths that nothing in the world has."""
    return {name: _strange(value) if _is_object(name) else value for name, value in side.items()}


def _is_object(name: str) -> bool:
    return "{" in name or name in {state for _, state in STATES}


def _strange(value: str) -> str:
    return "".join("9" if one.isdigit() else "q" if one.isalpha() else one for one in value)


def form(route: APIRoute, side: Side, person: str, address: str) -> Names:
    """What an unsafe request carries where an empty form names nothing that could be authorised."""
    course, held = side.course, FORMS.get(route.path, {})
    known = {
        "{cohort}": side.cohort,
        "{course}": course.course_id,
        "{enrolment}": side.enrolment,
        "{key}": course.keys[0],
        "{skill}": side.names["skill"],
        "{conflict}": side.names["conflict"],
        "{instant}": NOW.isoformat(),
        "{person}": person,
        "{address}": address,
    }
    return {name: known.get(value, value) for name, value in held.items()}


TUS = {
    "tus-resumable": "1.0.0",
    "upload-length": "10",
    "upload-offset": "0",
    "content-type": "application/offset+octet-stream",
}
"""What a program that sends a file in pieces says of it."""

FORMS: dict[str, Names] = {
    "/grading/comments": {"course": "{course}"},
    "/grading/allocation": {"cohort": "{cohort}"},
    "/grading/comments/{comment_id}": {"act": "edit"},
    "/account/addresses/remove": {"address": "{address}"},
    "/account/addresses/main": {"address": "{address}"},
    "/grading/posting/undo": {"by": "{person}", "at": "{instant}"},
    "/coaching": {"enrolment": "{enrolment}", "key": "{key}"},
    "/staff/cohorts/{cohort_id}/graders/conflicts/end": {"conflict": "{conflict}"},
    "/record/{learner_number}/documents/{number}": {"file": "pdf"},
    "/authoring/courses/{code}/competencies": {"competency": "diagnose", "skill": "{skill}"},
}
