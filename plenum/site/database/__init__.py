"""Which PostgreSQL this installation uses, and how its own embedded one is made, started and stopped.

The *owner* owns the tables and migrates them; the *web role* owns nothing and has only what it is granted.
"""
