"""Why an item may be confidential by law, and who is told what of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Local Government Act 1972, Schedule 12A, Part 1 (as substituted by the Local Government (Access
# to Information) (Variation) Order 2006), for principal councils in England.
SCHEDULE_12A: Mapping[int, str] = {
    1: "Information relating to any individual.",
    2: "Information which is likely to reveal the identity of an individual.",
    3: (
        "Information relating to the financial or business affairs of any particular person"
        " (including the authority holding that information)."
    ),
    4: (
        "Information relating to any consultations or negotiations, or contemplated consultations"
        " or negotiations, in connection with any labour relations matter arising between the"
        " authority or a Minister of the Crown and employees of, or office holders under, the"
        " authority."
    ),
    5: (
        "Information in respect of which a claim to legal professional privilege could be"
        " maintained in legal proceedings."
    ),
    6: (
        "Information which reveals that the authority proposes (a) to give under any enactment a"
        " notice under or by virtue of which requirements are imposed on a person; or (b) to make"
        " an order or direction under any enactment."
    ),
    7: (
        "Information relating to any action taken or to be taken in connection with the"
        " prevention, investigation or prosecution of crime."
    ),
}


def wanting(*, access_law: bool, paragraph: int | None, reason: str | None) -> dict[str, str]:
    """What is wrong with the ground given for keeping an item confidential, by field.

    Where access-to-meetings law applies, a paragraph of Schedule 12A and why the public interest
    in keeping it outweighs that in telling are both needed (Schedule 12A, Part 2, paragraph 10).
    """
    wrong: dict[str, str] = {}
    if paragraph is not None and paragraph not in SCHEDULE_12A:
        wrong["paragraph"] = "Choose a paragraph from the list"
    elif access_law and paragraph is None:
        wrong["paragraph"] = "Choose the paragraph of Schedule 12A that it comes under"
    if access_law and not (reason or "").strip():
        wrong["reason"] = "Say why the public interest lies in keeping it confidential"
    return wrong
