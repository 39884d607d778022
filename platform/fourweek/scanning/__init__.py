"""What the institution's own scanner says of files that people sent, and whom such a file may leave to meanwhile."""
