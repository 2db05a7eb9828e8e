"""Image addresses: absolute, of real pictures, and one per picture in its largest form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.images import distinct, image_url, largest_of_srcset, picture_key
from cartage.model.product import Image

PAGE = "https://shop.example/products/kettle"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("/img/a.jpg", "https://shop.example/img/a.jpg"),
        ("a.jpg", "https://shop.example/products/a.jpg"),
        ("../a.jpg", "https://shop.example/a.jpg"),
        ("  /img/a.jpg\n", "https://shop.example/img/a.jpg"),
        ("/img/a b.jpg", "https://shop.example/img/a%20b.jpg"),
        ("/img/a.jpg?w=800&amp;h=600", "https://shop.example/img/a.jpg?w=800&h=600"),
        ("https://cdn.example/image?id=42", "https://cdn.example/image?id=42"),
        ("https://cdn.example/a.webp#x", "https://cdn.example/a.webp#x"),
        ("/img/b\u00fcgel.jpg", "https://shop.example/img/b\u00fcgel.jpg"),
        ("/img/loading-dock-photo.jpg", "https://shop.example/img/loading-dock-photo.jpg"),
    ],
)
def test_a_picture_has_an_absolute_address(href: str, url: str) -> None:
    """Relative, protocol-relative and entity-encoded addresses become absolute ones."""
    assert image_url(href, PAGE) == url


@pytest.mark.parametrize(
    "href",
    [
        "", " ", "None", "null", "#",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=", "blob:https://shop.example/1",
        "javascript:void(0)", "ftp://shop.example/a.jpg", "file:///etc/passwd", "{{ image.src }}",
        "/img/placeholder.png",
        "/img/no-image.jpg", "/img/no_image_available.gif", "/assets/sprite.png", "/img/logo.svg", "/favicon.ico",
        "/img/1x1.gif", "/img/blank.gif", "/img/spacer.gif", "/img/image-coming-soon.jpg", "/img/default-image.png",
        "http://[broken/a.jpg", "/img/loading.gif", "undefined", "/img/transparent.png",
    ],
)  # fmt: skip
def test_what_is_no_picture_has_none(href: str) -> None:
    """Placeholders, sprites, vector icons, inline data and foreign schemes are refused."""
    assert image_url(href, PAGE) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://cdn.example/files/a_600x.jpg?v=1", "https://cdn.example/files/a.jpg?v=1"),
        ("https://cdn.example/files/a_600x600_crop_center.jpg", "https://cdn.example/files/a_1200x.jpg"),
        ("https://cdn.example/files/a.jpg?v=1&width=600", "https://cdn.example/files/a.jpg?v=2&width=100"),
        ("https://shop.example/wp-content/uploads/kettle-300x300.jpg", "https://shop.example/wp-content/uploads/kettle.jpg"),
        ("https://m.images.example/images/I/71abc._AC_SL1500_.jpg", "https://m.images.example/images/I/71abc.jpg"),
        ("https://i.example/images/g/abc/s-l500.jpg", "https://i.example/images/g/abc/s-l1600.jpg"),
        ("https://shop.example/img/kettle-thumb.jpg", "https://shop.example/img/kettle-large.jpg"),
        ("https://cdn.example/w_300,h_300/v1/kettle.jpg", "https://cdn.example/w_900,h_900/v1/kettle.jpg"),
        ("https://cdn.example/image?id=7&w=100", "https://cdn.example/image?id=7&w=900"),
    ],
)  # fmt: skip
def test_two_sizes_are_one_picture(one: str, other: str) -> None:
    """Sizes in an address do not make another picture."""
    assert picture_key(one) == picture_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://cdn.example/files/a.jpg", "https://cdn.example/files/b.jpg"),
        ("https://cdn.example/files/kettle-1.jpg", "https://cdn.example/files/kettle-2.jpg"),
        ("https://cdn.example/image?id=7", "https://cdn.example/image?id=8"),
        ("https://cdn.example/red/1.jpg", "https://cdn.example/blue/1.jpg"),
    ],
)
def test_two_pictures_are_two(one: str, other: str) -> None:
    """What tells pictures apart is kept."""
    assert picture_key(one) != picture_key(other)


def test_the_largest_form_of_each_picture_is_kept() -> None:
    """Of several sizes the widest stands at the place of the first mention, with a description from any."""
    images = [
        Image(url="https://cdn.example/files/front_100x.jpg", alt="Front"),
        Image(url="https://cdn.example/files/back_100x.jpg"),
        Image(url="https://cdn.example/files/front_1200x.jpg"),
        Image(url="https://cdn.example/files/back_100x.jpg", alt="Back"),
    ]

    kept = distinct(images)

    assert kept == (
        Image(url="https://cdn.example/files/front_1200x.jpg", alt="Front"),
        Image(url="https://cdn.example/files/back_100x.jpg", alt="Back"),
    )


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("/a-300.jpg 300w, /a-900.jpg 900w, /a-600.jpg 600w", "https://shop.example/a-900.jpg"),
        ("/a.jpg 1x, /a@2.jpg 2x", "https://shop.example/a@2.jpg"),
        ("/a.jpg", "https://shop.example/a.jpg"),
        ("https://c.example/w_1,h_2/a.jpg 300w, https://c.example/w_3,h_4/a.jpg 600w", "https://c.example/w_3,h_4/a.jpg"),
        ("/a.jpg 300w,\n  /b.jpg 400w", "https://shop.example/b.jpg"),
        ("data:image/gif;base64,R0lGOD 900w, /a.jpg 300w", "https://shop.example/a.jpg"),
        ("/a.jpg 1.2.3w", "https://shop.example/a.jpg"),
        ("", None),
        (",,,", None),
    ],
)  # fmt: skip
def test_the_widest_candidate_is_chosen(srcset: str, url: str | None) -> None:
    """A `srcset` gives its widest usable candidate."""
    assert largest_of_srcset(srcset, PAGE) == url


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_nothing(text: str) -> None:
    """No text makes reading an address fail, and what is given is http."""
    found = [image_url(text, PAGE), largest_of_srcset(text, PAGE)]

    assert all(url is None or url.startswith(("http://", "https://")) for url in found)
    assert picture_key(text) is not None
