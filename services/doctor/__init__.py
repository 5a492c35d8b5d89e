"""Checks of what lies between an AI tool and this server, with what was seen and what to change.

:mod:`.probe` asks the server's public address, :mod:`.facts` holds what was seen, the modules of ``checks`` judge it
(pure functions, so that each judgement is tested without a network), :mod:`.remedies` has the texts to copy.
"""
