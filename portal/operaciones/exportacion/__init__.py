"""The export of a period for auditors: which rows it has, and how they become one file."""
