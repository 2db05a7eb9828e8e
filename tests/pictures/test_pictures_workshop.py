"""Promises of the workshop: whatever image comes, a small clean picture or a named refusal, and no harm done."""

import asyncio
import io
import json
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PIL import Image

from cartage.model.picture import Print
from cartage.model.visit_errors import PictureRefused
from cartage.pictures.workshop import DARKROOM, Bench, Limits, Workshop
from tests.pictures.photographs import GREEN, ORDINARY, POLYGLOTS, RED, REFUSED, SIZE, encoded, plain, wide_png

SOURCES = Path(__file__).parent.parent.parent / "src" / "cartage"
CASES = Path(__file__).parent.parent / "cases" / "bad_pages.jsonl"


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    """Give a bench with the limits that imports have."""
    async with Workshop().bench() as opened:
        yield opened


def opened(content: bytes) -> Image.Image:
    """Read a picture back."""
    return Image.open(io.BytesIO(content), formats=["WEBP"])


def is_like(colour: tuple[int, ...], expected: tuple[int, int, int]) -> bool:
    """Tell whether a colour is nearly the expected one."""
    return all(abs(one - other) < 40 for one, other in zip(colour, expected, strict=False))


@pytest.mark.parametrize("name", ORDINARY)
async def test_ordinary_images_become_pictures(bench: Bench, name: str) -> None:
    """Each usual format comes out as WebP, measured, with its colours where they were."""
    made = await bench.develop(ORDINARY[name]())

    picture = opened(made.full).convert("RGB")
    assert (made.width, made.height) == SIZE == picture.size
    if "grey" not in name:
        left, right = picture.getpixel((20, 100)), picture.getpixel((300, 100))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        assert is_like(left, RED)
        assert is_like(right, GREEN)


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_decent_image_is_refused_for_its_reason(bench: Bench, name: str) -> None:
    """Bombs, drawings, other files and broken ones are refused by name, and the bench goes on."""
    reason, content = REFUSED[name]

    with pytest.raises(PictureRefused) as caught:
        await bench.develop(content())

    assert caught.value.reason == reason
    assert await bench.develop(ORDINARY["GIF"]())


@pytest.mark.parametrize("name", POLYGLOTS)
async def test_nothing_that_came_along_is_kept(bench: Bench, name: str) -> None:
    """Scripts, places, profiles, comments and further frames are gone; only the first picture's pixels stay."""
    content = POLYGLOTS[name]()

    made = await bench.develop(content)

    for form in (made.full, made.small):
        assert b"script" not in form
        assert b"secret" not in form
        picture = opened(form)
        assert not picture.getexif()
        assert not {"icc_profile", "exif", "xmp"} & picture.info.keys()
        assert getattr(picture, "n_frames", 1) == 1


async def test_a_picture_that_lies_on_its_side_is_set_upright(bench: Bench) -> None:
    """What a camera says of up and down is followed, and width and height are those that people see."""
    made = await bench.develop(POLYGLOTS["page-118"]())

    width, height = SIZE
    assert (made.width, made.height) == (height, width) == opened(made.full).size


async def test_both_forms_have_their_size(bench: Bench) -> None:
    """A large image is kept with at most 2048 pixels a side, and small with 480, in its own proportions."""
    made = await bench.develop(encoded(plain(size=(4000, 1000)), "JPEG"))

    assert (made.width, made.height) == (4000, 1000)
    assert opened(made.full).size == (2048, 512)
    assert opened(made.small).size == (480, 120)


async def test_transparency_stays(bench: Bench) -> None:
    """What can be seen through stays so."""
    image = plain("RGBA")
    image.putalpha(Image.new("L", SIZE, 0))

    made = await bench.develop(encoded(image, "PNG"))

    assert opened(made.full).mode == "RGBA"


async def test_what_takes_too_long_is_killed() -> None:
    """At the end of its time the process is gone, and the next image gets a new one."""
    workshop = Workshop(Limits(seconds=0.001))
    async with workshop.bench() as bench:
        with pytest.raises(PictureRefused) as caught:
            await bench.develop(encoded(plain(size=(3000, 3000)), "PNG"))
        assert caught.value.reason == "heavy"
    assert children() == set()


async def test_memory_is_bounded_by_the_system() -> None:
    """An image that needs more memory than the process may have is refused, and nothing else suffers."""
    async with Workshop(Limits(pixels=10**9, memory=300 * 1024 * 1024)).bench() as bench:
        with pytest.raises(PictureRefused) as caught:
            await bench.develop(wide_png(20_000))
        assert caught.value.reason in {"large", "heavy"}
        assert await bench.develop(ORDINARY["PNG"]())


async def test_a_process_that_dies_is_replaced(bench: Bench) -> None:
    """Killed from outside, as when the machine runs out of memory, the next image is made all the same."""
    await bench.develop(ORDINARY["PNG"]())
    (victim,) = children()
    os.kill(victim, 9)

    with pytest.raises(PictureRefused):
        await bench.develop(ORDINARY["PNG"]())

    assert await bench.develop(ORDINARY["PNG"]())


async def test_only_a_few_work_at_once() -> None:
    """Ten imports at once make their pictures at two benches' speed, and all get them."""
    workshop = Workshop()

    async def one() -> Print:
        async with workshop.bench() as bench:
            return await bench.develop(ORDINARY["WebP"]())

    made = await asyncio.gather(*(one() for _ in range(6)))

    assert len({each.content_hash for each in made}) == 1
    assert children() == set()


async def test_the_darkroom_writes_no_file(bench: Bench) -> None:
    """The process that decodes may not write a byte to any file, and has none of our environment."""
    await bench.develop(ORDINARY["PNG"]())
    (worker,) = children()

    assert b"Max file size             0" in told(worker, "limits")
    assert told(worker, "environ") == b""


def test_the_darkroom_loads_nothing_of_ours() -> None:
    """What meets strangers' images knows Pillow and the standard library only."""
    source = (SOURCES / "pictures" / "darkroom.py").read_text()

    assert "cartage" not in source


def test_every_image_case_is_tested_here_or_with_the_import() -> None:
    """The case file's group of images is covered, each by its id."""
    rows = map(json.loads, CASES.read_text().splitlines())
    listed = {row["id"] for row in rows if row["group"] == "image"}
    with_the_import = {"page-119", "page-120", "page-123"}

    here = {name.split(" ", maxsplit=1)[0] for name in (*REFUSED, *POLYGLOTS)}
    assert listed <= here | with_the_import


def told(pid: int, name: str) -> bytes:
    """Read what the system tells of a process."""
    return Path(f"/proc/{pid}/{name}").read_bytes()


def children() -> set[int]:
    """List the darkrooms that this process has begun and that have not ended."""
    begun = (Path("/proc", each) for each in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
    return {int(each.name) for each in begun if str(DARKROOM) in (each / "cmdline").read_text().split("\0")}
