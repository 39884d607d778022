"""Files that people send as the scanner sees them: the scan, who is told, and the office that settles what is held."""
