"""Pages: what is recorded in a meeting, and the minutes that come of it."""
