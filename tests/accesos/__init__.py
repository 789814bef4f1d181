"""Who may do what: every route × role × own or other object, asked with real requests and compared with what is written."""
