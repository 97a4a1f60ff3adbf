"""What databases of earlier releases held, as those wrote it; `tests.releases.upgrade` brings them up to date."""
