"""Backups: what a database says of itself at one instant, a copy that says the same, and putting one in its place."""
