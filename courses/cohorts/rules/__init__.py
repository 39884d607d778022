"""Changing the rules of a cohort: shown first, then kept."""
