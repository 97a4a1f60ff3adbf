"""What each witness is asked and what its answers say, an adapter each (pure); `registry` has which are switched on."""
