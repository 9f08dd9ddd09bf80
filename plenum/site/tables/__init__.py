"""Every table of every page as a file: what is shown, with numbers as numbers and days as days."""
