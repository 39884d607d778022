"""Whether a badge still holds, for machines: signed lists of bits, one bit an award (W3C Bitstring Status List)."""
