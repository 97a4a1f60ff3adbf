"""How good the matcher is: films with known answers go through it, and what comes out is counted."""
