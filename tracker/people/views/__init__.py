"""Pages of people: the door, one's own account, a partnership's people and organisations."""

from tracker.people.views import account, authenticator, members, organisations, sign_in
from tracker.people.views.ground import local_path, pages

__all__ = [
    "account",
    "authenticator",
    "local_path",
    "members",
    "organisations",
    "pages",
    "sign_in",
]
