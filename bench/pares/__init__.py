"""Other programs that do the same, to compare with; each runs in an environment of its own."""
