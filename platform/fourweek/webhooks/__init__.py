"""Telling other programs what happened: signed messages to addresses that somebody named, and how each message fared."""
