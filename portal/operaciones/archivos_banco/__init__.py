"""Importing the bank's collection file: read, tried line by line without writing, and applied whole or not at all."""
