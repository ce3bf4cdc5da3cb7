"""Decisions between meetings, the action log, the chair’s briefing."""
