"""Instruction templates and house styles, data only; a template that has been measured is never edited."""
