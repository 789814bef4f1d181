"""Assessing the contracts of a spreadsheet: read the file, try every row without writing, issue all of them or none."""
