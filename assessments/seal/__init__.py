"""The seal on documents: the institution's certificate, the signature in the file, and its check."""
