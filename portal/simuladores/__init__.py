"""Servers that speak a gateway's protocol, for demonstrations and tests. They share nothing with the portal but HTTP."""
