"""Credit from elsewhere, stated by the professional."""
