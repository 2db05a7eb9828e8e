"""Image addresses: absolute, of real pictures, and one per picture in its largest form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.extraction.image_sizes import picture_key
from cartage.extraction.images import distinct, image_url, largest_of_srcset
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
        ("https://shop.example/431-home_default/kettle.jpg", "https://shop.example/431-large_default/kettle.jpg"),
        ("https://shop.example/media/3a/91/0f/169/kettle.jpg", "https://shop.example/thumbnail/3a/91/0f/169/kettle_800x800.jpg"),
        ("https://cdn.example/files/301/300x250x2/image.jpg", "https://cdn.example/files/301/image.jpg"),
        ("https://shop.example/out/pictures/generated/product/1/540_340_75/kettle.jpg", "https://shop.example/out/pictures/master/product/1/kettle.jpg"),
        ("https://shop.example/media/image/product/901/md/kettle.jpg", "https://shop.example/media/image/product/901/lg/kettle.jpg"),
        ("https://shop.example/images/thumbnails/550/450/detailed/9/kettle.jpg", "https://shop.example/images/detailed/9/kettle.jpg"),
        ("https://cdn.example/s-a/images/stencil/500x659/products/1/2/kettle.jpg", "https://cdn.example/s-a/products/1/images/2/kettle.386.513.jpg"),
        ("http://static1.squarespace.com/static/5f/60/1621700000000/kettle.jpg?format=1500w", "https://images.squarespace-cdn.com/content/v1/5f/1621700000000-AB12/kettle.jpg"),
        ("https://media.example/ab/550x688.jpg", "https://media.example/ab/960x1200.jpg"),
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
        ("https://shop.example/431-large_default/kettle.jpg", "https://shop.example/432-large_default/kettle.jpg"),
        ("https://cdn.example/files/301/image.jpg", "https://cdn.example/files/302/image.jpg"),
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
    ("asked", "whole"),
    [
        ("https://cdn.shopify.com/s/files/1/0123/products/kettle_300x300.jpg?v=1&width=300", "https://cdn.shopify.com/s/files/1/0123/products/kettle.jpg?v=1"),
        ("https://shop.example/cdn/shop/files/kettle.jpg?v=1&width=1946&crop=center", "https://shop.example/cdn/shop/files/kettle.jpg?v=1"),
        ("https://cdn.shopify.com/s/files/1/0123/products/kettle_{width}x.jpg?v=1", "https://cdn.shopify.com/s/files/1/0123/products/kettle.jpg?v=1"),
        ("https://static.wixstatic.com/media/9a~mv2.jpg/v1/fit/w_500,h_500,q_90/file.jpg", "https://static.wixstatic.com/media/9a~mv2.jpg"),
        ("https://m.media-amazon.com/images/I/71abc._AC_SL1500_.jpg", "https://m.media-amazon.com/images/I/71abc.jpg"),
        ("https://i.ebayimg.com/images/g/abc/s-l300.jpg", "https://i.ebayimg.com/images/g/abc/s-l1600.jpg"),
        ("https://i.etsystatic.com/1/r/il/a/2/il_340x270.2_x.jpg", "https://i.etsystatic.com/1/r/il/a/2/il_fullxfull.2_x.jpg"),
        ("https://ae01.alicdn.com/kf/S1.jpg_220x220.jpg", "https://ae01.alicdn.com/kf/S1.jpg"),
        ("https://shop.example/_next/image?url=https%3A%2F%2Fimg.example%2Fa.jpg&w=640&q=75", "https://img.example/a.jpg"),
        ("https://shop.example/_next/image?url=%2Fmedia%2Fa.jpg&w=640&q=75", "https://shop.example/media/a.jpg"),
        ("https://shop.example/cdn-cgi/image/width=800/https://img.example/a.jpg", "https://img.example/a.jpg"),
        ("https://i0.wp.com/shop.example/wp-content/uploads/a.jpg?resize=600%2C600", "https://shop.example/wp-content/uploads/a.jpg"),
        ("https://shop.example/wp-content/uploads/a-300x300.jpg", "https://shop.example/wp-content/uploads/a-300x300.jpg"),
    ],
)  # fmt: skip
def test_a_known_network_gives_the_whole_picture(asked: str, whole: str) -> None:
    """Where an address asks a known network to shrink a picture, the picture itself is kept; elsewhere nothing is guessed."""
    assert image_url(asked, PAGE) == whole


def test_no_template_of_an_address_is_a_picture() -> None:
    """An address that a script would still fill in leads nowhere."""
    assert image_url("https://cdn.example/a_{size}.jpg", PAGE) is None


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/products/mug-red-480-0.jpg", "/products/mug-red-1024-1024.jpg"),
        ("/arquivos/ids/155001-800-auto?width=800", "/arquivos/ids/155001/mug.jpg"),
        (
            "/out/pictures/generated/product/1/87_87_75/mug.jpg",
            "/out/pictures/generated/product/1/1200_1200_75/mug.jpg",
        ),
        ("/media/cache/shop_small_thumbnail/1a/2b/mug.webp", "/media/cache/shop_original/1a/2b/mug.webp"),
        ("/web/image/product.product/240/image_128/mug", "/web/image/product.product/240/image_1920/mug"),
        ("/images/thumbs/0000101_mug_550.jpeg", "/images/thumbs/0000101_mug.jpeg"),
    ],
)
def test_sizes_of_numbered_pictures_are_one_picture(one: str, other: str) -> None:
    """Shop software writes a picture's width into its file's name: the larger form is kept."""
    images = [Image(url=f"https://cdn.example{path}") for path in (one, other)]

    assert [image.url for image in distinct(images)] == [f"https://cdn.example{other}"]
