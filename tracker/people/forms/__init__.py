"""Forms of the door, of one's own account, and of a partnership's people."""
