"""A page of a PDF as a picture. pdfium comes without scripts; what it draws stays a picture all the same."""

from pathlib import Path
from typing import Any

import pypdfium2

from assessments.showing import limits


def draw(source: Path, target: Path, number: int) -> dict[str, Any]:
    """Write one page as a PNG; says its sides, how many pages there are and what it says. Raises as pdfium does."""
    document = pypdfium2.PdfDocument(source)
    pages = min(len(document), limits.PAGES)
    page = document[min(max(number, 1), pages) - 1]
    width, height = page.get_size()
    scale = min(limits.PAGE_WIDTH / width, (limits.PAGE_PIXELS / (width * height)) ** 0.5)
    drawn = page.render(scale=scale).to_pil().convert("RGB")
    drawn.save(target, "PNG")
    text = page.get_textpage().get_text_bounded()[: limits.TEXT_OF_PAGE]
    return {"pages": pages, "text": text.replace("\0", ""), "ending": "png", "sides": drawn.size}
