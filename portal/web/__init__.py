"""What every page shares: access, headers, errors, words, and the two edges of a payment."""
