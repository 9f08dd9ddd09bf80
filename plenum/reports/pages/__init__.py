"""Pages of the reports room: one module per page."""
