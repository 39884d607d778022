"""Transcripts: one frozen snapshot of a record, and the PDF, JSON and CSV made from it."""
