"""A cohort planned anew from one that was: the same rules, and no date of the term that is over."""
