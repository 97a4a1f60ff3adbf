"""The jobs of a sync: a run, its days, the films' pages; reading the archive again; cleaning up."""
