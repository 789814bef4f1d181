"""What the reports say, straight from the ledger and the facturas: sums, and the rows that each of them adds up."""
