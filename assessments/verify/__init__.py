"""Anyone's question about a document or a badge, answered in words."""
