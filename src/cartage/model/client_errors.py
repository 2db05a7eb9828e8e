"""What can go wrong between a program and the installation of Cartage that it talks to."""

from cartage.model.failure import CartageError, Origin, Refused


class InstallationUnreachable(CartageError):
    """The installation of Cartage does not answer."""

    code = "installation_unreachable"
    origin = Origin.YOU
    advice = "Check CARTAGE_URL, and that `cartage serve` runs there."


class ReplyUnreadable(CartageError):
    """What answers is not Cartage, or not a version that this client understands."""

    code = "reply_unreadable"
    origin = Origin.YOU
    advice = "Check CARTAGE_URL, and that the client is not older than the server."


class RequestFailed(CartageError):
    """The installation of Cartage failed with a code that this client does not know."""

    code = "request_failed"
    advice = "Look up the code in the server's /docs; its log knows the request by the trace id."


class NotOverYet(Refused):
    """What was waited for is not over in the time given; it goes on."""

    code = "not_over_yet"
    advice = "It goes on by itself; wait again, or for longer."
