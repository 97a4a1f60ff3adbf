"""A year of syncs in half an hour, against a site that lives (`make year`), and two weeks of it in the suite."""
