"""Instruction templates, data only; a template that has been measured is never edited."""
