"""Faults of every kind and kills at random (`make chaos`), and a short part of it in the suite."""
