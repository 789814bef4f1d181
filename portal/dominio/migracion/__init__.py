"""The documents of the system that was there before: how its files are read, and what must agree in them. Pure."""
