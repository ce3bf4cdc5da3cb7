"""Boards as their secretaries keep them: members, chairs, rules, terms of reference."""
