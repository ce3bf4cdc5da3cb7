"""Pages: what goes up: escalations, reports to the board above, annual reports."""
