"""Which files a lesson may carry, and as what they are served."""

from pathlib import PurePosixPath

PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
DOWNLOADS = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".log": "text/plain",
    ".json": "application/json",
    ".toml": "application/toml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".py": "text/plain",
    ".sh": "text/plain",
    ".sql": "text/plain",
    ".ipynb": "application/json",
    ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
}
MEDIA_TYPES = PICTURES | DOWNLOADS

MAX_FILE_BYTES = 25 * 1024 * 1024
BADGE_PICTURES = (".png", ".svg")
MAX_BADGE_BYTES = 2 * 1024 * 1024
HEAVY_PICTURE_BYTES = 2 * 1024 * 1024
MAX_PAGE_BYTES = 512 * 1024


def media_type(path: str) -> str | None:
    """The type by which a file is served, None where such files are not allowed."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix.lower())


def is_picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PICTURES
