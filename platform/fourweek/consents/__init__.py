"""Records of consent."""
