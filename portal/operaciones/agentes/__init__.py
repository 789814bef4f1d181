"""The acts of collecting agents, and of the department about them."""
