"""jobcenter: statutory SGB II reporting of a municipal job centre.

Data walks one way: extract ▶ archive ▶ validate ▶ figures ▶ warehouse ▶ report. Each room is a package here.
"""
