"""Awards in the hands of people: what the earner shows of one, and what the registrar does about it."""
