"""What every request is given before a page sees it: headers, language, the lens of time, the acting account."""
