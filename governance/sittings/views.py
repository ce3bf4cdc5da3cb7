"""Pages: what becomes of meetings, and their time line."""

from __future__ import annotations

import governance.sittings.become_views
import governance.sittings.joint_views
import governance.sittings.telling
import governance.sittings.timeline_views

__all__ = ["governance"]
