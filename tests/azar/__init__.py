"""Requests made up at random against every route, method and role (T-7, T-17)."""
