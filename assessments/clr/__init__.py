"""Learner records (CLR 2.0): one signed file with a person's badges, as they were signed, and their credit."""
