"""Stories across the rooms, told in a real browser on the reference year."""
