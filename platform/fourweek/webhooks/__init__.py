"""Telling other programs what happened, by signed messages to addresses that somebody named; and their log."""
