"""Pages of sign-in, the own account, the unit acted for, and grants."""
