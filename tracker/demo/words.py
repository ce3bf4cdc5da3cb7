"""What the demonstration's owners write: plain sentences that could stand under any action."""

from __future__ import annotations

LABEL = "demonstration"

GREEN = (
    "The working group met twice and agreed the next piece of work.",
    "The first half is in place in every locality; the rest follows as planned.",
    "Partners signed the shared protocol, and staff were briefed in all teams.",
    "Feedback from families was gathered and is shaping the next stage.",
    "The pilot was reviewed; its lessons are built into the wider offer.",
    "Training was delivered to the first group of practitioners.",
)
AMBER = (
    "Work goes on, but one partner’s part is behind and the next stage cannot start.",
    "Recruitment took longer than planned and has held up the second stage.",
    "The data that is needed from two agencies has not arrived in full.",
    "The specification had to be written again after comments from commissioners.",
)
RED = (
    "The supplier withdrew and no other is in place yet.",
    "The post that leads this work has been empty for two months.",
    "Funding for the second year is not confirmed, so the work has stopped.",
)
CAUSES = (
    "A post that was empty for part of the quarter.",
    "An agreement on sharing information that is not signed by everyone.",
    "A change in a partner’s budget during the year.",
    "A procurement that had to be run again.",
)
RECOVERIES = (
    "An interim lead is named and a weekly check is set until it is back on course.",
    "The remaining work is split between two agencies, with a revised timetable.",
    "The lead will bring the open question to the next meeting of partners.",
    "The scope is narrowed to the localities with the greatest need first.",
)
HELP = (
    "Partners to name a contact who can decide.",
    "The board to agree which localities come first.",
    None,
    None,
)
EVIDENCE = (
    "Sign-off note of the working group, kept with the plan’s papers.",
    "Final report, received by the lead and filed with the plan’s papers.",
    "New arrangements live since the start of the month; see the service directory.",
)
NEXT = (
    "Brief team managers and set dates for the next stage.",
    "Review with partners and agree what follows.",
    "Collect the figures for the next meeting.",
    None,
)
ACHIEVED = (
    "Closer work between agencies, with shared plans in every locality.",
    "Families tell their story once, and are known by name to one worker.",
    "More practitioners are trained and say that they use what they learned.",
)
RISKS = (
    "Two pieces of work depend on posts that are hard to fill.",
    "Some agencies answer late, which hides slippage until it is hard to mend.",
    "Demand grows faster than the workforce.",
)
DIFFERENCE = (
    "Children wait less time for the first contact, families report.",
    "More children are helped before a referral is needed.",
    "Young people say that they are asked, and see what came of it.",
)
DECISIONS = (
    "Agree that the deadline of the work that is behind may move by a quarter.",
    None,
    None,
)
LOG_DONE = (
    "Done and circulated.",
    "Completed; nothing further is needed.",
    "Reported at the meeting.",
)
DEADLINE_REASONS = (
    "More time is needed to bring every locality in.",
    "The work depends on a contract that starts later than planned.",
)
BETTER = (
    "The work itself is done; only the signing of the last agreement is outstanding.",
    "All but one locality has it, and the last opens within the month.",
)
HANDED = "You know this better than I do. Could you say how it stands?"
HOLDS = (
    "The service is being commissioned again; the board will look at it when that is done.",
    "National guidance is expected, and work would have to be done twice.",
)
NEW_DATES = (
    "The supplier cannot begin before the next quarter.",
    "The partners need one more round of consultation.",
)
RETURNED = "Please bring a date that the partners have agreed with the supplier first."
REOPENED = "Two localities report that it is not in place there yet."
STOPPED = "The partners decided that other work reaches these children sooner."
