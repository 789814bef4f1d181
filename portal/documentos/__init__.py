"""Printed documents: the liquidación with its barcodes and the payment receipt."""
