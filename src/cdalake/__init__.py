"""Guidewire CDA exports become Delta tables you can trust."""
