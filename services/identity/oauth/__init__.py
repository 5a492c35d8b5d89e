"""The OAuth 2.1 authorization server: how people let AI tools that log in through a browser act in their name.

The protocol itself (order of checks, error answers, PKCE) is oauthlib's; what is kept, for how long, and who may,
is here.
"""
