"""The law and the money as pure functions and frozen data: standard library only, no framework, no database, no clock."""
