"""Pages of units: the tree, one unit, its journal, and the acts on it."""
