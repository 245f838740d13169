"""One door to folders and object stores."""
