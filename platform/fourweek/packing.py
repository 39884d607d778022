"""Pages packed on their way (gzip), where that is worth it and cannot be turned against their readers.

A page holds the token of its forms. Where somebody else can make a browser ask for our pages again and again with words
of his own in them, and sees how long the answers are, their length tells the token (BREACH). So a page is packed only
for a browser that says that its address was typed or stood on a page of ours (Sec-Fetch-Site: no script can set it).

What fits into the first window of a connection (ten segments, RFC 6928) arrives in one round trip either way, and is
sent as it is: packing costs a third of what rendering does.
"""

import zlib
from typing import Final

from fastapi import Request
from starlette.responses import Response

from fourweek.static_files import takes_gzip

FIRST_WINDOW: Final = 14_000
OUR_READERS: Final = frozenset({"same-origin", "none"})
_LEVEL: Final = 1
_GZIP: Final = 31


def packed(request: Request, response: Response) -> Response:
    """The same answer, packed if it is large and its reader came from here."""
    if len(response.body) <= FIRST_WINDOW:
        return response
    headers = request.headers
    response.headers.add_vary_header("Accept-Encoding, Sec-Fetch-Site")
    if headers.get("sec-fetch-site") not in OUR_READERS or not takes_gzip(headers.get("accept-encoding", "")):
        return response
    return pressed(response)


def pressed(response: Response) -> Response:
    """The answer, packed, whoever asks: for pages that are the same for everybody and hold nothing secret."""
    press = zlib.compressobj(_LEVEL, wbits=_GZIP)
    response.body = press.compress(response.body) + press.flush()
    response.headers["content-length"] = str(len(response.body))
    response.headers["content-encoding"] = "gzip"
    return response
