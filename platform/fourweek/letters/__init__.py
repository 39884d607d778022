"""Letters in names: which are kept, which the fonts of documents can print, which scripts they come from."""
