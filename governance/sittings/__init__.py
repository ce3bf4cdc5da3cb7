"""What becomes of meetings: called, postponed, adjourned, lapsed, joint; and their time line."""
