"""The people of a cohort for those who run it: who has a place, who asks, waits or is invited."""
