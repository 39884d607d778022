"""Every learner and every module of a cohort in one table: whose dates are what, and why."""
