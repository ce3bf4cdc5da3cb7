"""What the tracker promises, one behaviour a test."""
