"""A form is held in memory whole, so it has a limit: sent in parts or not, by whoever has an account or has none."""

from typing import Any

import pytest

from tests.visits import Browser

MIB = 1024**2
SHEET = "/staff/cohorts/1/sessions/1/attendance/sheet"


def _parts(count: int, name: str) -> bytes:
    head = f'--b\r\ncontent-disposition: form-data; name="a"{name}\r\n\r\n'.encode()
    return (head + b"x" * MIB + b"\r\n") * count + b"--b--\r\n"


@pytest.mark.parametrize(("path", "name"), [("/sign-in", ""), (SHEET, ""), (SHEET, '; filename="sheet.csv"')])
def test_a_form_in_parts_may_have_no_more_than_another(path: str, name: str, browser: Any) -> None:
    guest: Browser = browser()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert guest.post(path, content=_parts(1, name), headers=kind).status_code in {401, 422}
    assert guest.post(path, content=_parts(3, name), headers=kind).status_code == 413
