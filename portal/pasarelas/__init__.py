"""Gateways: one small interface, one file for each provider."""
