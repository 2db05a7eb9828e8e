"""The only door to the network: every address is judged as it is dialled, every answer is bounded."""
