"""An installation of the first day: accounts, rules, and nothing else."""

from tests.escenas.mundos import Lugares


def poblar() -> Lugares:
    return {}
