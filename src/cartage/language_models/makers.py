"""The makers' APIs, each behind the one client that goes through our own door."""

from pydantic_ai.models import Model

from cartage.fetching.client import Fetcher
from cartage.fetching.sdk import SdkClient, sdk_client
from cartage.language_models.endpoint import Endpoint

NO_KEY = "none"  # the SDKs insist on one, servers on the operator's own machines do not


def make_model(endpoint: Endpoint, key: str, fetcher: Fetcher, seconds: float) -> Model:
    """Make the model that an endpoint names; only its maker's SDK is loaded."""
    client = sdk_client(fetcher, endpoint.url, seconds=seconds)
    match endpoint.maker:
        case "openai":
            return _openai(endpoint, key or NO_KEY, client)
        case "anthropic":
            return _anthropic(endpoint, key or NO_KEY, client)
        case "google":
            return _google(endpoint, key or NO_KEY, client)


def _openai(endpoint: Endpoint, key: str, client: SdkClient) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    if endpoint.own:
        compatible = OpenAICompatibleProvider("own", base_url=endpoint.url, api_key=key, http_client=client)
        # Most servers know only the older name of the bound on an answer's length.
        profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
        return OpenAIChatModel(endpoint.model, provider=compatible, profile=profile)
    provider = OpenAIProvider(base_url=endpoint.url, api_key=key, http_client=client)
    return OpenAIChatModel(endpoint.model, provider=provider)


def _anthropic(endpoint: Endpoint, key: str, client: SdkClient) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(base_url=endpoint.url, api_key=key, http_client=client)
    return AnthropicModel(endpoint.model, provider=provider)


def _google(endpoint: Endpoint, key: str, client: SdkClient) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    provider = GoogleProvider(base_url=endpoint.url, api_key=key, http_client=client)
    return GoogleModel(endpoint.model, provider=provider)
