"""Staff look at a cohort with the eyes of one learner, as of any instant. Only reading."""
