"""Reads across the rooms: one module per page or report."""
