"""What is kept about a person: told in plain words, and given to them whole."""
