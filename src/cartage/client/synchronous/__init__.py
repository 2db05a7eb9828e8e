"""The client without `await`, made of `client/asynchronous` by `scripts/twin.py`; change that one."""
