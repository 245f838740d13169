"""Guidewire's side: manifest, folders, footers."""
