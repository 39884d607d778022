"""Certificates: one page for one course."""
