"""What the coverage pages draw, ready for their templates: bars, the trend, the heat map, a run's timeline."""
