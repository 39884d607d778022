"""Telling other programs what happened: signed messages to addresses that an operator named, and a log of how each message fared."""
