"""Completion reports for boards."""
