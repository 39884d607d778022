"""The page that says who may come is what the routes say."""

from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, own
from tests.access.table import PAGE, page, words


def test_the_page_is_true() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tests.access.table"


def test_declarations_add_up_in_words() -> None:
    declared = own | allowed(Permission.GRADE) | allowed_anywhere(Permission.TEACH)
    assert words(declared) == "whose it is; *grade* there; *teach* anywhere"
