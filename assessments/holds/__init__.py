"""Credit that waits until somebody lifts a hold."""
