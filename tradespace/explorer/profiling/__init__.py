"""Measures what calls take in company: in batches, beside other replicas, and at a server that others use too."""
