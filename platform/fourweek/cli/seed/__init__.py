"""The demonstration school: who is in it, what they did and when, played through the real services."""
