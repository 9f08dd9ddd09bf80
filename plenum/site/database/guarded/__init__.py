"""Django's connection to PostgreSQL, which tells the database for whom each statement is done."""
