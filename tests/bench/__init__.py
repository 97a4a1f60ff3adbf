"""`make bench`: figures that anybody can reproduce, each a ratio of two things measured side by side in one run."""
