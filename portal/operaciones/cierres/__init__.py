"""The daily close: reading the three sides, signing and reopening, the cases of its differences."""
