"""The seal on documents: certificate, signature, check."""
