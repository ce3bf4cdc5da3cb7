"""Errors are for people: what is wrong, and what to do next."""

from __future__ import annotations

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from tracker.ledger.blobs import TakenDown

WORDS = {
    400: ("Sorry, we could not read that", "Go back, check what was sent, and try again."),
    401: (
        "Please sign in again",
        "You were signed out while you were away. Sign in, go back to"
        " the page, and send it again: what you typed is still in your browser.",
    ),
    403: (
        "You cannot do this",
        "Your part in this partnership does not allow it. If it should,"
        " ask your board secretary or administrator.",
    ),
    404: (
        "Page not found",
        "Check the address. If you followed a link, the page may have moved,"
        " or it may belong to a partnership that you are not in.",
    ),
    405: ("That page does not take this", "Go back and use the buttons on the page."),
    409: (
        "Somebody else changed this first",
        "Nothing of yours was saved. Go back, look at what"
        " changed, and send yours again if it still holds.",
    ),
    410: ("This was taken down", "Words in it identified a child. Its date remains on record."),
    413: ("That was too large", "Send at most 2 megabytes at once, or 25 for a paper."),
    429: ("Too many tries", "Wait fifteen minutes and try again."),
    500: (
        "Sorry, something went wrong",
        "Nothing was changed. Try again; if it happens again,"
        " tell your administrator what you did.",
    ),
}


def install(app: Flask) -> None:
    """Answer every error with a page in plain words."""

    def answer(error: HTTPException) -> ResponseReturnValue:
        code = error.code or 500
        if code < 400:
            return error.get_response()
        return page(code)

    app.register_error_handler(HTTPException, answer)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> ResponseReturnValue:
        return page(
            400, "The page was too old to be sent safely. Open it again and send it once more."
        )

    @app.errorhandler(TakenDown)
    def taken_down(error: TakenDown) -> ResponseReturnValue:
        return page(410, str(error))

    @app.errorhandler(StaleDataError)
    def stale(error: StaleDataError) -> ResponseReturnValue:
        return page(409)


def page(code: int, what_to_do: str | None = None) -> ResponseReturnValue:
    """The error page of a status code; a bare one where even that cannot be made."""
    title, usual = WORDS.get(code, WORDS[500 if code >= 500 else 400])
    try:
        return (
            render_template("errors/error.html", title=title, what_to_do=what_to_do or usual),
            code,
        )
    except Exception:
        # The frame asks who is signed in, and that may be the very thing that failed.
        current_app.logger.exception("the error page itself could not be made")
        return BARE.format(title=title, what_to_do=usual), code


BARE = (
    '<!doctype html><html lang="en-GB"><head><title>{title} – Tracker</title></head>'
    "<body><main><h1>{title}</h1><p>{what_to_do}</p></main></body></html>"
)
