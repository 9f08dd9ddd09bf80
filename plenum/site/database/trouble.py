"""What can go wrong with the database in a way that a person can mend."""


class DatabaseTrouble(Exception):
    """The database cannot be used; the message says what was found and what to do."""
