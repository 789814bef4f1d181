"""Bringing the documents of the system that was there before, with their numbers, their states and their money."""
