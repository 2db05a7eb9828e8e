"""Breadcrumb trails in normal form: categories only."""

import re
from collections.abc import Sequence

from cartage.extraction.text import clean

MOST_STEPS = 12
LONGEST_STEP = 100
HOME = re.compile(
    r"(?:home|top|home ?page|start(?:seite|sida)?|inicio|início|accueil|anasayfa|ana sayfa|beranda|úvod|hem|página (?:inicial|principal)|page d[’']accueil|pagina (?:iniziale|principale)|prima pagină|kezdőlap|domovská stránka|hlavní stránka|titulní (?:strana|stránka)|startpagina|naslovnica|pagrindinis|главная страница|головна сторінка|الصفحة الرئيسية|トップページ|forside|hjem|etusivu|strona główna|hlavní strana|domů|domov|főoldal|acasă|главная|головна|начало|αρχική|avaleht|sākums|pradžia|početna|naslovna|الرئيسية|דף הבית|ראשי|首页|首頁|ホーム|トップ|홈|trang chủ|หน้าแรก|homepagina|index|main)",
    re.IGNORECASE,
)
PRODUCT = re.compile(
    r"(?:item|style|product|art\.?|sku|ref\.?|model) ?(?:#|no\.?|number|:)|product (?:details?|info)", re.IGNORECASE
)


def trail_of(trail: Sequence[str], name: str | None) -> tuple[str, ...]:
    """Clean a trail and drop the home page at its start and the product at its end."""
    steps = [step for step in map(clean, trail) if step and len(step) <= LONGEST_STEP][:MOST_STEPS]
    steps = [step.strip(" /›»>") for step in steps]
    while steps and HOME.fullmatch(steps[0]):
        del steps[0]
    while steps and (PRODUCT.match(steps[-1]) or (name and _folded(steps[-1]) == _folded(name))):
        del steps[-1]
    return tuple(dict.fromkeys(step for step in steps if step))


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
