"""A running Cartage, from another program: its whole API, typed, without waiting or with `await`."""

from cartage.client.asynchronous.client import AsyncClient
from cartage.client.problems import ProblemReply
from cartage.client.synchronous.client import Client

__all__ = ["AsyncClient", "Client", "ProblemReply"]
