"""Sections of a cohort: rules of their own, and who is in them."""
