"""How the registrar made sure who a learner is."""
