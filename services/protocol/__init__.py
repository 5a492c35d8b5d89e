"""The Model Context Protocol over HTTP, without Odoo: bytes in, bytes out.

A reading order for newcomers: ``messages`` (what goes in and out), ``application`` (what the host
program must offer), ``server.handle`` (the one entry), then ``exchange`` (one JSON-RPC message).
Both eras of the protocol are served on one endpoint: 2026-07-28, where each request stands alone
(``modern``), and the versions that open with ``initialize`` (``handshake``, ``sessions``).

Answers that take their time: ``streaming`` (what an application says meanwhile), ``channels`` (what
of it may go onto which stream), ``event_stream`` (how it is sent and ends), ``sse`` (the bytes).
"""
