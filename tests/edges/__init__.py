"""The edges, tried against real parsers and libraries."""
