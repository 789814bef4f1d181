"""How a victim dies: with -9, at the commit that it was told."""

import os
import signal

from sqlalchemy import event
from sqlalchemy.orm import Session


def morir_en(cual: int, cuando: str) -> None:
    """Kill this process at its commit number `cual`, `before` or `after` it."""
    cuenta = 0

    def contar(_sesion: Session) -> None:
        nonlocal cuenta
        cuenta += 1
        if cuenta == cual:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "before_commit" if cuando == "before" else "after_commit", contar)
