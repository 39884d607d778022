"""Who was at a live session: recorded by list or by CSV, corrected with a reason."""
