"""The HTTP client that vendors' SDKs are given: each of their calls goes through a fetcher, to one origin only."""

import httpx2

from cartage.fetching.address import parse, refused
from cartage.fetching.client import Fetcher
from cartage.model.errors import CartageError

SdkClient = httpx2.AsyncClient
# What the fetcher says itself, or what no longer holds once it has unpacked the answer.
OURS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}
GONE = {"connection", "content-encoding", "content-length", "transfer-encoding"}


class FetchedTransport(httpx2.AsyncBaseTransport):
    """Send requests through a fetcher; anything but a POST to the one origin is refused."""

    def __init__(self, fetcher: Fetcher, url: str, seconds: float) -> None:
        self._fetcher = fetcher
        self._origin = parse(url).origin
        self._seconds = seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request; raises the client's `NetworkError`, with the error of address or network as its cause."""
        url = str(request.url)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in OURS}
        try:
            if request.method != "POST" or parse(url).origin != self._origin:
                raise refused("not_this_service")
            reply = await self._fetcher.post(url, await request.aread(), headers=headers, seconds=self._seconds)
        except CartageError as error:
            # SDKs let through nothing but what their own client would raise.
            raise httpx2.NetworkError(error.code, request=request) from error
        kept = {name: value for name, value in reply.headers.items() if name not in GONE}
        return httpx2.Response(reply.status, headers=kept, content=reply.body, request=request)


def sdk_client(fetcher: Fetcher, url: str, *, seconds: float) -> SdkClient:
    """Make the client to give to an SDK that speaks to the service at `url`, with `seconds` for each answer."""
    # The fetcher keeps the time: a second clock would only answer in another error's name.
    return SdkClient(
        transport=FetchedTransport(fetcher, url, seconds),
        timeout=seconds * 2,
        follow_redirects=False,
        trust_env=False,
    )
