"""Tables as files: what a table is made of, and writing it as CSV or as a workbook."""
