"""Certificates: one page for one course or one module, with the fields that boards ask for."""
