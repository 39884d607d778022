"""A PDF (ISO 32000) without what it says of its author: rewritten by qpdf, so that older versions inside it go, too."""

from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from assessments.cleaning.bare import bare_jpeg

MOST_OBJECTS, DEEPEST = 500_000, 60
# Of any dictionary: descriptions, what programs kept for themselves, attached files, what signatures say.
_ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EF")
_OF_ROOT = ("/Perms", "/DSS", "/Collection")
_OF_SIGNATURE = ("/Name", "/Reason", "/Location", "/ContactInfo", "/Contents", "/Cert", "/Prop_Build", "/M")
# Of remarks on a page (12.5.6.2): who wrote them and when. A form's field is called by /T and keeps it.
_OF_REMARK = ("/T", "/M", "/CreationDate", "/NM")


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises what pikepdf raises (a password is needed, say), ValueError for what cannot be judged."""
    with pikepdf.Pdf.open(source) as document:
        if len(document.objects) > MOST_OBJECTS:
            raise ValueError("too many objects")
        _without(document.trailer, ("/Info", "/ID"))
        _without(document.Root, _OF_ROOT)
        if "/Names" in document.Root:
            _without(document.Root.Names, ("/EmbeddedFiles",))
        for one in document.objects:
            _clean(one, 0)
        document.save(target, fix_metadata_version=False, deterministic_id=True)
    return {"ending": "bin", "size": target.stat().st_size}


def _without(of: Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in of:
            del of[key]


def _clean(one: Any, depth: int) -> None:
    """Clean an object and what stands directly in it; what it refers to has its own turn."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(one, Array):
        inside = list(one)
    elif isinstance(one, (Dictionary, Stream)):
        _clean_dictionary(one)
        inside = [value for _, value in one.items()]
    else:
        return
    for value in inside:
        if isinstance(value, (Array, Dictionary)) and not value.is_indirect:
            _clean(value, depth + 1)


def _clean_dictionary(one: Any) -> None:
    _without(one, _ANYWHERE)
    kind = one.get("/Subtype")
    if "/ByteRange" in one or one.get("/Type") in (Name.Sig, Name.DocTimeStamp):
        _without(one, _OF_SIGNATURE)
    if kind not in (None, Name.Widget) and "/Rect" in one:
        _without(one, _OF_REMARK)
    if isinstance(one, Stream) and kind == Name.Image:
        _clean_picture(one)


def _clean_picture(picture: Stream) -> None:
    """A JPEG inside may hold metadata of its own; under further filters nobody could say."""
    used = picture.get("/Filter")
    filters = list(used) if isinstance(used, Array) else [used]
    if Name.DCTDecode not in filters:
        return
    if len(filters) > 1:
        raise ValueError("a picture under several filters")
    told: Any = picture.get("/DecodeParms")
    picture.write(bare_jpeg(picture.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=told)
