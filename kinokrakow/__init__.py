"""The floor of the house: settings and addresses, requests to other hosts, the ledger of jobs, the staff site."""
