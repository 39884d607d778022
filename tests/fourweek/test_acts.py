"""Law 9: every act leaves an audit row. What a form can set off is followed through the code to where that is."""

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from fastapi.routing import APIRoute

from fourweek.app import ROUTERS
from fourweek.audit.service import record, record_all

SAFE = {"GET", "HEAD", "OPTIONS"}
OURS = ("fourweek.", "courses.", "assessments.")
EDGE = {"fourweek.edge", "fourweek.pages", "fourweek.middleware", "fourweek.accounts.proving"}
"""What every request goes through says nothing of what it sets off."""

DRAFT = "a draft is its author's own until it is handed in"
MARK = "a read-mark"
MESSAGE = "a message only grows, and holds who wrote it and when"
LETTER = "nobody is known yet: the act is the answer to the letter"
PROVIDER = "the act is the return from the provider"
CHECK = "reads and answers"
NO_ACTS = {
    "badge-check": CHECK,
    "verify-send": CHECK,
    "api-verify": CHECK,
    "lesson-read": MARK,
    "lesson-place": MARK,
    "notices-read": MARK,
    "assignment-draft": DRAFT,
    "assignment-slot": DRAFT,
    "assignment-attempt": DRAFT,
    "check-begin": DRAFT,
    "check-answers": DRAFT,
    "upload-begin": DRAFT,
    "upload-piece": DRAFT,
    "upload-drop": DRAFT,
    "appeal-draft": DRAFT,
    "grading-reconcile-draft": DRAFT,
    "appeal-message": MESSAGE,
    "appeal-answer": MESSAGE,
    "provider-sign-in": PROVIDER,
    "provider-link": PROVIDER,
    "password-forgotten-send": LETTER,
    "sign-up-send": LETTER,
}
"""Forms that leave no audit row, with the reason."""


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _called(function: FunctionType) -> Iterator[Any]:
    """Everything that a function names: functions, classes, and what it takes from modules."""
    for code in _codes(function.__code__):
        found = [function.__globals__[name] for name in code.co_names if name in function.__globals__]
        yield from found
        for module in (one for one in found if isinstance(one, ModuleType)):
            yield from (getattr(module, name) for name in code.co_names if hasattr(module, name))


def _functions(thing: Any) -> Iterator[FunctionType]:
    if isinstance(thing, FunctionType):
        yield inspect.unwrap(thing)
    elif inspect.isclass(thing):
        yield from (one for one in vars(thing).values() if isinstance(one, FunctionType))
    elif isinstance(thing, dict):
        yield from (one for value in thing.values() for one in _functions(value))


def _leaves_a_row(endpoint: Any) -> bool:
    seen: set[Any] = set()
    waiting = list(_functions(endpoint))
    while waiting:
        function = waiting.pop()
        if function in (record, record_all):
            return True
        room = function.__module__ or ""
        if function in seen or not room.startswith(OURS) or room in EDGE:
            continue
        seen.add(function)
        waiting.extend(one for thing in _called(function) for one in _functions(thing))
    return False


def test_every_form_leaves_an_audit_row_or_says_why_not() -> None:
    """A new form: note its act with `audit.service.record`, or say in NO_ACTS why it is none."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    unsafe = [route for route in routes if (route.methods or set()) - SAFE]
    assert len(unsafe) > 100
    assert {str(route.name) for route in unsafe if not _leaves_a_row(route.endpoint)} == set(NO_ACTS)
