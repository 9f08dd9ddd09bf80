"""Pages of reforms."""
