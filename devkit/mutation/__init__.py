"""Mutation testing of the modules that guard data: small faults are put into them, and the tests must notice each."""
