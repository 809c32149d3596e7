"""Everything but HTTP that starts work: table stream, stored objects, timers, schedule."""
