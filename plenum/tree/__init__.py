"""Units, their names, kinds and places over time: tables and reads, no doors.

A *unit* lives for a *lifetime*; in it its *names*, *kinds* and *placements* (under which parent) follow each other
without gap or overlap. *Ancestry* says who stood above whom on which days. *Lineage* says what became of what.
"""
