"""What ails an installation: looks that change nothing, each with what to do."""
