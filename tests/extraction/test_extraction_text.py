"""Text: entities decoded, unseen characters gone, and HTML kept only where it is safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.json_text import parse_json
from cartage.extraction.text import clean, plain_text, sanitised

PAGE = "https://shop.example/p/kettle"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Salt &amp; Pepper", "Salt & Pepper"),
        ("Caf&eacute;", "Café"),
        ("Caf&amp;eacute;", "Café"),
        ("&amp;amp;", "&"),
        ("15&quot; screen", '15" screen'),
        ("it&#39;s", "it's"),
        ("&#x1F600;", "😀"),
        ("5 &lt; 6", "5 < 6"),
        ("R&D", "R&D"),
        ("  a \n\t b\u00a0\u202fc ", "a b c"),
        ("zero\u200bwidth", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202eright\u202c", "right"),
        ("\ufeffBOM", "BOM"),
        ("null\u0000byte", "nullbyte"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("private\ue000use", "privateuse"),
        ("Family 👨\u200d👩", "Family 👨👩"),
        ("", ""),
    ],
)
def test_text_is_cleaned(text: str, shown: str) -> None:
    """Entities are decoded twice at most, white space folds, and no unseen character stays."""
    assert clean(text) == shown


@given(st.text(max_size=300))
def test_cleaned_text_can_be_stored(text: str) -> None:
    """Whatever comes in, what comes out is one line that any database takes."""
    line = clean(text)

    assert "\x00" not in line
    assert line.encode().decode() == line
    assert line == line.strip()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\nTwo"),
        ("plain &amp; simple", "plain & simple"),
        ("<style>p{color:red}</style><p>One</p>", "One"),
        ("<script>alert(1)</script>One", "One"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ("<p>a</p>\n\n\n\n<p>b</p>", "a\n\nb"),
        ("<b>Bold</b> word", "Bold word"),
        ("<!-- note -->One", "One"),
        ("<p>cut off in the mid", "cut off in the mid"),
        ("", ""),
    ],
)
def test_html_becomes_plain_lines(html: str, text: str) -> None:
    """Blocks become lines; scripts, styles and comments leave nothing."""
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>One</p>", "<p>One</p>"),
        ("<p onclick=alert(1)>One</p>", "<p>One</p>"),
        ("<p style='color:red' class=x id=y>One</p>", "<p>One</p>"),
        ("<p>One</p><script>alert(1)</script>", "<p>One</p>"),
        ("<p>One</p><style>p{}</style>", "<p>One</p>"),
        ("<p>One</p><iframe src=//evil.example></iframe>", "<p>One</p>"),
        ("<p>One<img src=x onerror=alert(1)></p>", "<p>One</p>"),
        ("<p>One</p><svg><script>alert(1)</script></svg>", "<p>One</p>"),
        ("<p>One</p><math><mi//xlink:href='data:x,<script>alert(4)</script>'>", "<p>One</p>"),
        ("<h1>Big</h1><p>One</p>", "Big<p>One</p>"),
        ("&lt;p&gt;One&lt;/p&gt;", "<p>One</p>"),
        ("<a href='javascript:alert(1)'>x</a>", '<a rel="nofollow noopener noreferrer">x</a>'),
        ("<a href='JaVa\tScript:alert(1)'>x</a>", '<a rel="nofollow noopener noreferrer">x</a>'),
        ("<a href='data:text/html,x'>x</a>", '<a rel="nofollow noopener noreferrer">x</a>'),
        ("<a href='/more'>x</a>", '<a href="https://shop.example/more" rel="nofollow noopener noreferrer">x</a>'),
        ("<form action=/x><input name=a><p>One</p></form>", "<p>One</p>"),
    ],
)
def test_only_safe_structure_is_kept(html: str, kept: str) -> None:
    """No script, handler, style, picture, form or foreign link survives."""
    assert sanitised(html, PAGE) == kept


@pytest.mark.parametrize("html", ["", "plain text", "5 < 6", "<script>alert(1)</script>", "<div>" * 101 + "x"])
def test_what_has_no_safe_structure_gives_none(html: str) -> None:
    """Plain text, bare scripts and nesting deeper than any description's give no HTML."""
    assert sanitised(html, PAGE) is None


@given(st.text(alphabet="<>/=\"' abdiprsctx&;:", max_size=200))
def test_no_text_smuggles_a_script(text: str) -> None:
    """Whatever the tag soup, no script and no handler comes out."""
    kept = sanitised(text, PAGE) or ""

    assert "<script" not in kept.lower()
    assert "<iframe" not in kept.lower()


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 100_000, "<b>" * 40_000 + "x", "<" * 200_000, "&" * 200_000, "<p>" * 60_000, "<li>" * 60_000,
     "<!--" * 50_000, "<table><tr><td>" * 15_000],
    ids=lambda bomb: bomb[:6],
)  # fmt: skip
@pytest.mark.timeout(120)
def test_a_bomb_of_tags_ends_quickly(bomb: str) -> None:
    """Depth and length are capped before any parser whose time grows faster than its input."""
    sanitised(bomb, PAGE)
    plain_text(bomb)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, '[{"a":' * 50_000, '{"a":"' + "\\" * 100_000, "[" * 300 + "'" * 3000]
)
@pytest.mark.timeout(120)
def test_a_bomb_of_json_ends_quickly(text: str) -> None:
    """Deep or hostile JSON is given up quickly."""
    parse_json(text)
