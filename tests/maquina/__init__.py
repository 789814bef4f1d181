"""Histories of payments made up by Hypothesis over the real operations, audited after each step."""
