"""Does a packet of metadata say where a picture was taken? XMP (ISO 16684-1) and IPTC-IIM (4.2). Pure."""

import re

OVERLAP = 64
# Names of properties of XMP: EXIF's own GPS, the IPTC's places, Photoshop's and those of the makers of drones.
_XMP = re.compile(
    rb"gps|latitude|longitude|LocationCreated|LocationShown|:(?:Location|City|State|Country|CountryCode|Sublocation)\b",
    re.I,
)
# Datasets of IPTC-IIM's record 2 that name a place: location codes and names, city, sublocation, state, country.
_IPTC = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]")
_EXIF_RESOURCE = b"8BIM\x04\x22"


def xmp_says_place(packet: bytes) -> bool:
    """For a packet in UTF-8, UTF-16 or UTF-32, or a piece of one."""
    return _XMP.search(packet.replace(b"\0", b"")) is not None


def photoshop_says_place(block: bytes) -> bool:
    """For Photoshop's image resources: IPTC, and the copies of EXIF and XMP that may be among them."""
    return _EXIF_RESOURCE in block or _IPTC.search(block) is not None or xmp_says_place(block)
