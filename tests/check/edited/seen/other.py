"""Gives all its names away."""

limit = 3
