"""Every table of the product, imported so that relationships named by string resolve."""

import actions.answer_models
import actions.ask_models
import actions.deadline_models
import actions.models
import actions.proposal_models
import governance.agenda_models
import governance.decision_models
import governance.feed_models
import governance.log_models
import governance.minute_models
import governance.models
import governance.pack_models
import governance.report_models
import governance.setting_models
import governance.takedown_models
import plans.models
import priorities.indicator_models
import priorities.models
import tracker.ledger.models
import tracker.people.board_models
import tracker.people.models

__all__ = ["actions", "governance", "plans", "priorities", "tracker"]
