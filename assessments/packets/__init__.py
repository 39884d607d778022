"""Audit packets: everything for a period and a board in one PDF, from the cover sheet to the certificates."""
