"""Status lists: whether a badge was revoked, for everybody to read, without saying whose it is."""
