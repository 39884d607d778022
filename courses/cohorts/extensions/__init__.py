"""A person's own dates, granted by those who run the cohort."""
