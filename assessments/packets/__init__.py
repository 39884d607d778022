"""Audit packets: everything for a period and a board in one document."""
