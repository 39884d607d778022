"""Corrections of a ledger: proposed by one registrar, approved by another."""
