"""Afterchat on one machine: the local cloud, the HTTP server, the pumps and the issuer of tokens."""
