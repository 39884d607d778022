"""Packages that an author uploaded: checked, previewed, then published or dropped."""
