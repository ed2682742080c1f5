"""Calls of what runs on somebody else's machine: limits, retries, circuit breakers, and what servers refuse."""
