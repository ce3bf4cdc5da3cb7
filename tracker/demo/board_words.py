"""What the demonstration's boards say and decide: plain sentences that fit any of them."""

from __future__ import annotations

from governance.agenda import ItemKind

OVERRIDE = "Seen; the pack goes out on its day, the rest follows at the meeting. (demonstration)"
NOTED = (
    "The board noted the item.",
    "The board noted the item and thanked those who had prepared it.",
)
MINUTED: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.WELCOME: ("The chair welcomed members and noted apologies.",),
    ItemKind.INTERESTS: ("No interests were declared.",),
    ItemKind.MINUTES: ("The minutes were taken as read.",),
    ItemKind.ACTION_LOG: (
        "The action log was gone through. Leads spoke to what is still open.",
        "Most actions are done. The chair asked for the rest before the next meeting.",
    ),
    ItemKind.SINCE_LAST_MET: (
        "Members asked why ratings had moved, and were satisfied with the answers.",
        "The board discussed what had moved since it last met.",
    ),
    ItemKind.PLAN_REPORT: (
        "The priority leads spoke to their report. The board looked at each action that is Red,"
        " and asked what would bring it back.",
        "The board discussed progress with the plan. It was pleased with what was completed, and"
        " concerned about what slips.",
    ),
    ItemKind.INDICATORS: (
        "The board looked at the indicators, and asked for the next figures when they are out.",
    ),
    ItemKind.FORWARD_PLAN: ("The forward plan was agreed.",),
    ItemKind.OTHER_BUSINESS: ("There was no other business.",),
    ItemKind.NEXT_MEETING: ("The date of the next meeting was noted.",),
}
DECIDED = (
    "That the progress report be noted, and that the leads of actions rated Red report in person"
    " at the next meeting.",
    "That the recovery actions in the report be supported.",
    "That partners confirm their part of the funding before the next meeting.",
)
ASKED = (
    "Bring a short note on workforce gaps to the next meeting.",
    "Ask each agency to name a lead for sharing data.",
    "Circulate the revised pathway to all members.",
    "Write to partners who have not answered for two meetings.",
    "Set up a task group on the actions that are Red.",
)
AMENDED = "In the item on progress, “all localities” was corrected to “most localities”."
EXCEPTIONS = (
    "Work that depends on posts that are hard to fill goes more slowly than planned.",
    "Two agencies answer late, which hides slippage until it is hard to mend.",
)
REQUESTS = (
    "That the board ask its members to confirm their part of the funding.",
    "That the board note the report.",
)
WANTED = "That the partners above agree how the work is to be staffed and paid for."
DECLINED = "The recovery is under way; the board looks at it again at its next meeting."
ACCEPTED = "The board takes it up, and has asked the agencies concerned for a plan."
URGENT_TITLE = "A bid that closes before the next meeting"
URGENT_PROPOSAL = "That the partnership bid for the grant, as the lead officer’s note sets out."
URGENT_WHY = "Bids close before the board next meets."
REPORT_TITLE = "Staff who work with families: where there are too few"
REPORT: dict[str, str | None] = {
    "author": "Lead officer",
    "lead_officer": "Lead officer",
    "sponsor": "Chair",
    "classification": "Open",
    "summary": (
        "Partners were asked which posts they cannot fill. Three kinds stand out in every"
        " organisation. The report proposes to recruit for them together. (demonstration)"
    ),
    "recommendations": (
        "That partners recruit together for the posts named in the report.\n"
        "That progress come back to the board in six months."
    ),
    "financial": "None beyond what each partner spends now.",
    "legal": "None",
    "equality": "Posts are advertised where all communities will see them.",
    "safeguarding": "Posts that stay empty lengthen the time before families are seen.",
    "childrens_voice": "Young people said that they want to keep the same worker.",
    "risk": "Partners compete for the same people if they do not act together.",
    "consultation": "Heads of service of all partners.",
}
TENDER_TITLE = "Tenders for advocacy services"
TENDER_REPORT: dict[str, str | None] = {
    **REPORT,
    "classification": "Confidential: commercial",
    "summary": "Two tenders were received and compared. (demonstration)",
    "recommendations": "That the tender named in the report be accepted.",
    "consultation": "None",
}
