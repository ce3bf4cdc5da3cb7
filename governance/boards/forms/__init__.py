"""Forms of a board's pages."""
