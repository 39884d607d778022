"""What is shown at most, and what drawing it may take."""

PICTURE_BYTES = 100 * 1024 * 1024
PDF_BYTES = 200 * 1024 * 1024
MARKDOWN_BYTES = 512 * 1024
PAGES = 2000
"""Pages of a PDF."""
DECODED_PIXELS = 60_000_000
"""Of a picture, as far as it has to be unpacked whole."""
LONG_SIDE = 4096
PAGE_WIDTH, PAGE_PIXELS = 1600, 8_000_000
TEXT_OF_PAGE = 20_000
"""Characters of a PDF's page, beside its picture."""
SECONDS = 20
CPU_SECONDS = 15
MEMORY = 1536 * 1024 * 1024
RESULT_BYTES = 64 * 1024 * 1024
CLEANED_BYTES = 256 * 1024 * 1024
"""Of a file whose metadata is taken out, as it came and as it is then."""
