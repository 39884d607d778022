"""The two forms of a letter that was composed, or read from its file."""

from email.message import EmailMessage


def text_of(message: EmailMessage) -> str:
    """Its plain text."""
    return _part(message, "plain")


def html_of(message: EmailMessage) -> str:
    return _part(message, "html")


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())
