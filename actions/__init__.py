"""Actions: leads and owners, deadlines, milestones, asks and signed progress."""
