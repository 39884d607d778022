"""Which courses and modules are the same learning, so that no hour counts twice."""
