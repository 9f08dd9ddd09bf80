"""One workbook for all units below a superior that report a form: a row for each unit, a column for each figure.

It may hold some ten thousand rows, so it is written and read row by row. Each row carries its unit, the edition of the
return that was seen, and a *seal* over both and its place, made with a key of the workbook that only the installation
can make.
"""
