"""The reference year: real input in the formats people load, and its loading into an empty installation.

What the sources state stands in the files as they state it; everything else is marked *illustrative*.
"""

from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
"""The folder of the files."""
