"""The board that a command names."""

from __future__ import annotations

import click
from sqlalchemy import select

from tracker.edges.db import db
from tracker.edges.tenancy import ACROSS
from tracker.people.board_models import Board
from tracker.people.models import Partnership


def board_named(slug: str, partnership: str | None) -> Board:
    """The board of an address's last part; ClickException where there is none, or several."""
    found = db.session.execute(
        select(Board, Partnership.slug)
        .join(Partnership, Partnership.id == Board.partnership_id)
        .where(Board.slug == slug)
        .order_by(Partnership.slug),
        execution_options=ACROSS,
    ).all()
    chosen = [(board, owner) for board, owner in found if partnership in (None, owner)]
    if not chosen:
        slugs = db.session.scalars(select(Board.slug), execution_options=ACROSS)
        known = ", ".join(sorted(set(slugs))) or "none yet"
        raise click.ClickException(f"There is no board “{slug}”. Boards are: {known}")
    if len(chosen) > 1:
        owners = ", ".join(owner for _, owner in chosen)
        raise click.ClickException(f"“{slug}” is a board of {owners}: say which with --partnership")
    return chosen[0][0]
