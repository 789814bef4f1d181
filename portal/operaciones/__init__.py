"""Business acts and queries: plain functions that flush and never commit. Who acts and what time it is come as arguments."""
