"""The assistants' door: tools of the Model Context Protocol, each of which is calls of the API."""
