"""What the tests of the grading pages share: addresses, forms and answers."""

import re

from tests.assessments.grading.factories import School
from tests.visits import Browser

HX = {"hx-request": "true"}
EVIL = '<script>alert(1)</script><img src=x onerror="a()">'


def page_of(made: School) -> str:
    return f"/grading/{made.submission}"


def filled(*levels: str, **more: str) -> dict[str, str]:
    return {f"level-criterion-{i}": key for i, key in enumerate(levels)} | more


def addresses_of(made: School) -> list[tuple[str, str]]:
    here = page_of(made)
    posts = ("", "/draft", "/claim", "/release", "/break", "/post", "/undo", "/change")
    return [
        ("GET", "/grading"),
        ("GET", "/grading/posting"),
        ("GET", here),
        ("GET", f"{here}/change"),
        ("POST", "/grading/next"),
        ("POST", "/grading/posting"),
        *(("POST", here + end) for end in posts),
    ]


def token_of(visitor: Browser) -> str:
    found = re.search(r'"X-Form-Token": "([0-9a-f]{64})"', visitor.get("/courses").text.replace("&#34;", '"'))
    assert found
    return found[1]


def answers_of(visitor: Browser, made: School, **headers: str) -> dict[tuple[str, str], int]:
    token = token_of(visitor)
    return {
        (method, path): visitor.request(
            method, path, headers={"x-form-token": token, **headers}, data={} if method == "POST" else None
        ).status_code
        for method, path in addresses_of(made)
    }
