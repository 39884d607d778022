"""When things happen: wall-clock rules in, instants out. Pure; no session, no clock, no request."""
