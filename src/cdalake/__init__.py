"""Guidewire CDA exports become Delta tables you can trust."""

__version__ = "0.1.0"
