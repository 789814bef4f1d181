"""What every simulator needs whatever it speaks: its file, its clock, its bad days, and the look of its pages."""
