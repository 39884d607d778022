"""Badges: what an award says, signed so that anyone can check it, and shown so that people like to."""
