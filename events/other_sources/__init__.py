"""Events that other publishers announce: reading files, storing, finding which are ours as well."""
