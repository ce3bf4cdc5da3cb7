"""England's bank holidays, from the `holidays` package: no network, no clock."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Protocol

from holidays import country_holidays


class BankHolidays(Protocol):
    """Where the rules' `holidays` come from."""

    def between(self, first_year: int, last_year: int) -> frozenset[date]:
        """Return the bank holidays of the years, both included."""
        ...

    def names(self, first_year: int, last_year: int) -> Mapping[date, str]:
        """Return the names of the bank holidays of the years, both included, by their day."""
        ...


class EnglishBankHolidays:
    """England's bank holidays, substitute days and single ones (a coronation) included.

    A year is worked out once in a process. The package knows the years 1871 to 2100; a holiday
    proclaimed later needs a newer package.
    """

    def between(self, first_year: int, last_year: int) -> frozenset[date]:
        """Return the bank holidays of the years, both included.

        Raises:
            ValueError: the years are in the wrong order.
        """
        if first_year > last_year:
            raise ValueError("The first year must not come after the last.")
        return frozenset[date]().union(*map(_of_year, range(first_year, last_year + 1)))

    def names(self, first_year: int, last_year: int) -> Mapping[date, str]:
        """Return the names of the bank holidays of the years, both included, in order of days.

        A day that stands in for another is named "Boxing Day (substitute day)".

        Raises:
            ValueError: the years are in the wrong order.
        """
        if first_year > last_year:
            raise ValueError("The first year must not come after the last.")
        years = range(first_year, last_year + 1)
        return {on: name for year in years for on, name in _named(year)}


@lru_cache(maxsize=256)
def _of_year(year: int) -> frozenset[date]:
    return frozenset(on for on, _ in _named(year))


@lru_cache(maxsize=256)
def _named(year: int) -> tuple[tuple[date, str], ...]:
    found = country_holidays("GB", subdiv="ENG", years=year)
    return tuple(
        (on, found[on].replace("(observed)", "(substitute day)").replace("'", "’"))
        for on in sorted(found)
    )
