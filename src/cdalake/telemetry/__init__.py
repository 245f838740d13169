"""What a process says about itself: numbers, log lines, spans. Knows nothing of the product.

Only the standard library is imported, so that the command line stays quick to start.
"""
