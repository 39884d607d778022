"""Licences of professionals: what their boards ask for, and what is there."""
