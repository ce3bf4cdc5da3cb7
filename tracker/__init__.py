"""The tracker of children's partnership plans."""
