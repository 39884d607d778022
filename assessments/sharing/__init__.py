"""Links by which others may open a document for a time."""
