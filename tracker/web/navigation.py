"""The frame of every page: whose pages these are, the main menu, who is signed in.

Somebody in several partnerships sees the name of the one that a page shows, and the ways to the
others at its foot.
"""

from __future__ import annotations

from flask import Flask, g, request, url_for
from flask_login import current_user

from tracker.web.access import Standing, Viewer, viewer
from tracker.web.parts import parts

CALENDAR = "governance.calendar_links"
# Where the pages of these blueprints belong in the menu; those of actions belong to plans.
OF_PLANS = ("plans", "priorities", "actions", "mine.everything")
OF_THE_PARTNERSHIP = (
    "shell",
    "mailroom",
    "changes",
    "people.index",
    "actions.proposals",
    "actions.to_assign",
    "actions.to_clear",
    "actions.people_away",
    "actions.settings",
    "governance.periods",
    "governance.takedowns",
)
MADE_UP = (
    "Demonstration: the people, dates and entries here are made up. The plans are real and public."
)


NAMED = frozenset({CALENDAR, *OF_THE_PARTNERSHIP})


def install(app: Flask) -> None:
    """Give every page's template its frame."""

    @app.context_processor
    def frame() -> dict[str, object]:
        # An error page may stand where the address or the session could not be read.
        if not current_user.is_authenticated:
            return {"demo_banner": MADE_UP if parts().settings.demonstration else None}
        who = viewer()
        named = _named()
        return {
            "navigation": _menu(who, named or _only(who)),
            "account": {
                "name": who.name,
                "href": url_for("people.account"),
                "sign_out_href": url_for("people.sign_out"),
            },
            "home_href": url_for("mine.index"),
            "partnership_name": named.name if named else None,
            "partnership_href": _front(named) if named else None,
            "demo_banner": _banner(named),
            "footer_links": _others(who),
        }


def _front(here: Standing) -> str:
    return url_for("shell.front", partnership=here.slug)


def _plans(here: Standing) -> str:
    return url_for("plans.index", partnership=here.slug)


def _named() -> Standing | None:
    found = g.get("standing")
    return found if isinstance(found, Standing) else None


def _only(who: Viewer) -> Standing | None:
    standings = list(who.standings.values())
    return standings[0] if len(standings) == 1 else None


def _banner(named: Standing | None) -> str | None:
    if named and named.banner:
        return named.banner
    return MADE_UP if parts().settings.demonstration else None


def _menu(who: Viewer, here: Standing | None) -> list[dict[str, object]]:
    items = [
        _item(
            "My actions", url_for("mine.index"), "mine.index", "mine.answer", "mine.meeting_action"
        )
    ]
    if here is not None:
        boards = url_for("governance.boards", partnership=here.slug)
        items.append(_item("Plans", _plans(here), *OF_PLANS))
        items.append(_item("Boards", boards, "governance"))
        items.append(_item("Partnership", _front(here), *OF_THE_PARTNERSHIP))
    else:
        items += [_item(standing.name, _plans(standing)) for standing in who.standings.values()]
    items.append(_item("Calendar", url_for("governance.calendar_links"), CALENDAR))
    return items


def _item(text: str, href: str, *places: str) -> dict[str, object]:
    """One entry; ``places`` are the endpoints, or whole blueprints, that it leads to.

    An endpoint that an entry names belongs to that one, whatever blueprint it is of.
    """
    endpoint = request.endpoint or ""
    of_blueprint = endpoint.partition(".")[0] in places and endpoint not in NAMED
    is_here = endpoint in places or of_blueprint
    return {"text": text, "href": href, "current": request.path == href, "active": is_here}


def _others(who: Viewer) -> list[dict[str, str]]:
    if len(who.standings) < 2:
        return []
    return [
        {"text": standing.name, "href": _front(standing)} for standing in who.standings.values()
    ]
