"""Where the Colombian day begins."""

from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
