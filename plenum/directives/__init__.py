"""Documents that decide: resolutions, decisions, plans.

A *document* has a kind, a number, a symbol, an issuer, a date and a title. A number alone is no key: series
restart.
"""
