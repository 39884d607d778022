"""The letters of a school that runs, as people find them in their mail."""

import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.browser.school import School
from tests.letters import text_of

PATIENCE = 20.0


def letters(school: School, to: str) -> list[EmailMessage]:
    """What was sent to an address, oldest first."""
    files = sorted((school.home / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    sent = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [one for one in sent if isinstance(one, EmailMessage) and one["to"] == to]


def letter(school: School, to: str, subject: str) -> str:
    """The text of the newest letter to an address with these words in its subject; waits for it."""
    until = time.monotonic() + PATIENCE
    while True:
        found = [one for one in letters(school, to) if subject in one["subject"]]
        if found:
            return text_of(found[-1])
        assert time.monotonic() < until, f"no letter to {to} about “{subject}”"
        time.sleep(0.1)


def path_in(school: School, text: str) -> str:
    """The path of the first link in a letter, which leads to this school."""
    found = re.search(rf"{re.escape(school.url)}(/\S+)", text)
    assert found
    return found.group(1)
