"""How documents of the first schema are laid out, for ever: their files are made again to the byte."""
