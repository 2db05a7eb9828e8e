"""The layout of a page and its mirror: the same page in a pseudo-locale that is written from right to left."""

from playwright.sync_api import Page

TOLERANCE_PX = 3
# Texts keep their words and so their lengths; only the direction turns. What stands in a line of text stays in it.
MIRRORED = """tolerance => {
    const root = document.documentElement
    const apart = "[dir]:not(html)"
    const laid = [...document.querySelectorAll("header, nav, main, section, footer, h1, h2, h3, form, table, th, tr,"
        + " button, .btn, .input, select, .card, .notice, .badge, .chip, li, dl, dt, dd, label, img, summary, kbd")]
        .filter(each => !each.closest(apart) && !getComputedStyle(each).display.startsWith("inline"))
    const boxes = () => laid.map(each => each.getBoundingClientRect())
    const name = each => `${each.tagName.toLowerCase()}.${each.className} ${each.textContent.trim().slice(0, 30)}`
    const width = root.clientWidth
    const faults = []
    const look = direction => {
        if (root.scrollWidth > width) faults.push(`${direction} scrolls sideways by ${root.scrollWidth - width} px`)
        return boxes()
    }
    const before = root.dir
    root.dir = "ltr"
    const there = look("ltr")
    root.dir = "rtl"
    const here = look("rtl")
    root.dir = before
    laid.forEach((each, at) => {
        const [box, mirror] = [there[at], here[at]]
        if (!box.width && !mirror.width) return
        const off = Math.max(Math.abs(width - box.right - mirror.left), Math.abs(width - box.left - mirror.right))
        if (off > tolerance) faults.push(`${name(each)}: ${Math.round(off)} px beside its mirror`)
        const scrolled = each.closest(".scroll, .chips, nav")
        if (!scrolled && (mirror.left < -tolerance || mirror.right > width + tolerance))
            faults.push(`${name(each)}: over the edge`)
    })
    return faults
}"""


def mirror_faults(page: Page) -> list[str]:
    """List what of a page does not stand where its mirror does, or over the edge, in a window of any width."""
    return page.evaluate(MIRRORED, TOLERANCE_PX)
