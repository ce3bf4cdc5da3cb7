"""Priorities of a plan, their leads' judgements, and the outcome indicators."""
