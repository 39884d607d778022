"""Legal names: how they change, and which are never shown again."""
