"""What is done to boards. Each flushes and leaves the commit to the edge."""
