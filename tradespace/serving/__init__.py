"""A pipeline behind an API: replicas and queues, adaptation at run time, exports, and a generator of load."""
