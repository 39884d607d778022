"""Passwords that many people use; `SOURCES.md` says where the list is from."""

from functools import cache
from importlib.resources import files


@cache
def common_passwords() -> frozenset[str]:
    """In small letters. Read when the first password is set in a process."""
    return frozenset(files(__name__).joinpath("passwords.txt").read_text("utf-8").split())
