"""Tests of pages, through the test client that inspects every page."""
