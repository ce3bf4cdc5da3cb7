"""Every room of governance, imported so that its pages, writers, deeds and news are known."""

import governance.agendas.views
import governance.boards.views
import governance.deciding.views
import governance.forward.views
import governance.meeting_views
import governance.minuting.views
import governance.period_views
import governance.publishing.views
import governance.reporting.views
import governance.restricted.views
import governance.reviews.views
import governance.sittings.views
import governance.views

__all__ = ["governance"]
