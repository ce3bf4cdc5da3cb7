"""Small protocols over the world outside, each with one real class; given values."""
