"""Pages as people paste them: what of their HTML can be taken."""

from cartage.model.errors import InvalidInput

LONGEST_PASTE_BYTES = 10 * 1024 * 1024


def checked_html(html: str) -> bytes:
    """Give pasted HTML as bytes; raises `InvalidInput` where there is nothing, or more than anybody could paste."""
    content = html.encode("utf-8", "replace")
    if not html.strip():
        raise InvalidInput("The pasted HTML is empty.", "/html")
    if len(content) > LONGEST_PASTE_BYTES:
        raise InvalidInput("The pasted HTML is larger than 10 MB.", "/html")
    return content
