"""Erasing a person, as far as no duty of record stands against it."""
