"""What can go wrong with services that get pages for us, as opposed to the shops that they visit."""

from cartage.model.failure import Origin, Permanent, TryAnother, TryLater


class ServiceKeyRefused(TryAnother):
    """The service does not accept our key."""

    code = "provider_key_refused"
    origin = Origin.PROVIDER
    advice = "The operator should check that service's key in the settings."


class ServiceQuotaSpent(TryAnother):
    """Our account with the service has no credit left."""

    code = "provider_quota_spent"
    origin = Origin.PROVIDER
    advice = "The operator should top up the account, or raise its spending limit."


class ServiceRefusesSite(TryAnother):
    """The service does not visit this shop."""

    code = "provider_refuses_site"
    origin = Origin.PROVIDER
    advice = "Open the page in your browser and paste its HTML instead."


class ServiceFailed(TryAnother):
    """The service could not get the page."""

    code = "provider_failed"
    origin = Origin.PROVIDER
    advice = "Try again later, or paste the page's HTML instead."


class ServiceBusy(TryLater):
    """The service asks us to slow down, or is overloaded."""

    code = "provider_busy"
    origin = Origin.PROVIDER
    advice = "It is asked again by itself."


class BudgetReached(Permanent):
    """Going on would spend more than the budget allows."""

    code = "budget_reached"
    origin = Origin.YOU
    advice = "Go on anyway to allow this import to spend, or paste the page's HTML for free."


FREE_OF_CHARGE = (ServiceKeyRefused, ServiceQuotaSpent, ServiceRefusesSite, ServiceBusy)
