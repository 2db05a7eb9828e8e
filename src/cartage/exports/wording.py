"""Texts of a product in the forms that shops take: HTML, one line, a summary."""

import html
import re

SPACE = re.compile(r"\s+")
PARAGRAPH = re.compile(r"\n\s*\n|\n")
LONGEST_SUMMARY = 320


def as_html(text: str) -> str:
    """Give plain text as paragraphs; its own signs stay what they are."""
    paragraphs = (html.escape(part.strip(), quote=False) for part in PARAGRAPH.split(text))
    return "".join(f"<p>{part}</p>" for part in paragraphs if part)


def one_line(text: str) -> str:
    """Fold every white space, so that a row stays a row."""
    return SPACE.sub(" ", text).strip()


def summary_of(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Give a text's first paragraph, cut between words where it is longer."""
    first = one_line(next((part for part in PARAGRAPH.split(text.strip()) if part.strip()), ""))
    return first if len(first) <= longest else first[: longest - 1].rpartition(" ")[0].rstrip(",;:") + "…"
