"""Rewrite casual news text as wire copy and account for every fact of it."""
