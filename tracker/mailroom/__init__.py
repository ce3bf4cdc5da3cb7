"""The mail of a partnership as its administrator sees it, and mail that came back."""
