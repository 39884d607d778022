"""An MP3 without its tags: ID3v2 before the sound, ID3v1 and APE behind it."""

from pathlib import Path
from typing import Any

_ID3V1 = 128
_APE, _APE_HEAD, _HAS_HEAD = b"APETAGEX", 32, 1 << 31


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises ValueError where no sound is left."""
    sound = without_tags(memoryview(source.read_bytes()))
    if not len(sound):
        raise ValueError("no sound")
    target.write_bytes(sound)
    return {"ending": "bin", "size": target.stat().st_size}


def without_tags(data: memoryview) -> memoryview:
    """What lies between the tags; tags may follow one another."""
    while len(data) >= 10 and bytes(data[:3]) == b"ID3":
        length = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        data = data[min(len(data), 10 + length + (10 if data[5] & 0x10 else 0)) :]
    while True:
        if len(data) >= _ID3V1 and bytes(data[-_ID3V1 : 3 - _ID3V1]) == b"TAG":
            data = data[:-_ID3V1]
        elif len(data) >= _APE_HEAD and bytes(data[-_APE_HEAD : 8 - _APE_HEAD]) == _APE:
            foot = data[-_APE_HEAD:]
            has_head = int.from_bytes(foot[20:24], "little") & _HAS_HEAD
            length = max(_APE_HEAD, int.from_bytes(foot[12:16], "little")) + (_APE_HEAD if has_head else 0)
            data = data[: max(0, len(data) - length)]
        else:
            return data
