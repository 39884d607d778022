"""What programs ask: badges, what they say, who issues them, and whether one holds. JSON under /api/v1."""
