"""Every table of the product, imported so that relationships named by string resolve."""

import actions.answer_models
import actions.ask_models
import actions.deadline_models
import actions.models
import actions.proposal_models
import governance.models
import plans.models
import priorities.indicator_models
import priorities.models
import tracker.ledger.models
import tracker.people.board_models
import tracker.people.models

__all__ = ["actions", "governance", "plans", "priorities", "tracker"]
