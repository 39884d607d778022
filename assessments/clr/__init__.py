"""Comprehensive learner records: the badges of a person in one signed envelope."""
