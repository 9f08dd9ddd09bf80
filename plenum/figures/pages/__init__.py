"""Pages of returns and figures."""

REFUSED = 422
"""The status of a form that was not accepted; what was typed is kept."""
