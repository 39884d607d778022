"""Somebody who sends very many files keeps what was typed, and is told when a file is taken again."""

from dataclasses import replace
from typing import Any

import pytest

from assessments.uploads import limits
from fourweek.limits.rules import Limit
from tests.assessments.evidence.school import PNG, School, fields


def test_what_was_typed_is_kept_though_no_file_is_taken(
    school: School, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UPLOADS", replace(limits.UPLOADS, both=Limit("upload", 1, 600)))
    alice, draft = browser(school.alice), school.at + "/draft"
    for words, status in (("One, two.", 303), ("Three, four.", 429)):
        form = fields(alice, school, **{"text-report": words})
        answer = alice.post(draft, data=form, files=[("files-proof", (f"{status}.png", PNG, "image/png"))])
        assert answer.status_code == status
    assert 1 <= int(answer.headers["retry-after"]) <= 600
    assert "Very many files came in a short time." in answer.text
    assert fields(alice, school)["text-report"].strip() == "Three, four."
    shown = alice.get(school.at).text
    assert ("303.png" in shown, "429.png" in shown) == (True, False)
