"""The registrar's desk: finding a learner, seeing the ledger as it is, taking an entry back."""
