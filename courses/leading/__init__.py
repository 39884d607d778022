"""How the people of a cohort get on, for those who run and teach it: who is behind, stuck, or was not seen."""
