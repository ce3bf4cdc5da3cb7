"""Pages: boards as their secretaries keep them: members, chairs, rules, terms of reference."""

from governance.boards.views import (
    agenda,
    boards,
    chair,
    ending,
    members,
    relations,
    settings,
    terms,
)

__all__ = ["agenda", "boards", "chair", "ending", "members", "relations", "settings", "terms"]
