"""Small wrongs put into the money code, one at a time, to see whether some test notices."""
