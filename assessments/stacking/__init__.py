"""Badges of series: the rule by which courses stack into a further badge, who is how far, and its award."""
