"""What databases of earlier releases held, as those releases wrote it; `tests.releases.upgrade` brings them up to date."""
