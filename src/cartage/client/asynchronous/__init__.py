"""The client with `await`; its twin without, `client/synchronous`, is made of it by `scripts/twin.py`."""
