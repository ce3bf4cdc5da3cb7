"""Pure rules that every package may use: periods, ratings, working days and London time.

Nothing here reads a clock, a database or a setting: today and the bank holidays are arguments.
"""
