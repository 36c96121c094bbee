"""What made a file: written into it, and read back."""
