"""Language models behind their makers' APIs, or behind any address that speaks OpenAI's."""
