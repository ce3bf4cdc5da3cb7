"""Pages: confidential items and their readers, and texts that were taken down."""
