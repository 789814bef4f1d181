"""The parts of the bench, each with `medir(rapido) -> Parte`."""
