"""Pages of actions: one with its history, its owner's update, what is changed and proposed."""

from actions.views import progress, show
from actions.views.ground import pages

__all__ = ["pages", "progress", "show"]
