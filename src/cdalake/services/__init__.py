"""What the page and the API can ask for."""
