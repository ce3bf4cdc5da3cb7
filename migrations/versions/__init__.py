"""Alembic migrations, numbered, with one head."""
