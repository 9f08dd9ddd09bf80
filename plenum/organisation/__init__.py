"""What people do with units: found, rename, move and dissolve them, find them, read their history and journal."""
