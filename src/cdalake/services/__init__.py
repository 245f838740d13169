"""What the server can answer and do; no HTTP in here."""
