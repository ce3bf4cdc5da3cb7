"""Pages of actions: one with its history, its owner's update, what is changed and proposed."""

from actions.views import (
    clearance,
    covers,
    deadlines,
    delegation,
    drafts,
    endings,
    handovers,
    history,
    owners,
    plan_endings,
    progress,
    proposals,
    proposals_decided,
    settings,
    show,
    standing,
)
from actions.views.ground import pages

__all__ = [
    "clearance",
    "covers",
    "deadlines",
    "delegation",
    "drafts",
    "endings",
    "handovers",
    "history",
    "owners",
    "pages",
    "plan_endings",
    "progress",
    "proposals",
    "proposals_decided",
    "settings",
    "show",
    "standing",
]
