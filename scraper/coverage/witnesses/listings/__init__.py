"""What each witness is asked and what its answers say: an adapter each (pure); `registry` knows which are switched on."""
