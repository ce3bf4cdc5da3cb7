"""Pages: what becomes of meetings, and their time line."""
