"""Breadcrumb trails in normal form: categories only."""

import re
from collections.abc import Sequence

from cartage.extraction.text import clean

MOST_STEPS = 12
LONGEST_STEP = 100
HOME = re.compile(
    r"home ?page|(?:shop )?home|home_|top|index|main|homepagina|start(?:seite|pagina|sid(?:a|an|en)?)?|förstasidan|forsiden?|hem|hjem|etusivu|kotisivu|accueil|page d[’']accueil"
    r"|inicio|início|página (?:inicial|principal|de inicio)|pàgina principal|pagina (?:principale|iniziale)|acas[aă]|prima pagină|beranda|halaman utama|ana ?sayfa|ana menü|trang chủ"
    r"|główna|na główną|główna strona|strona (?:główna|startowa)|úvod|domů|domov|domovská stránka|hlavn[íá] (?:stránka|strana)|titulní (?:strana|stránka)|(?:kezdő|fő)(?:lap|oldal)|početna|naslovn(?:a|ica)"
    r"|avaleht|esileht|sākum(?:s|lapa)|pradžia|titulinis|pagrindinis|(?:на )?главную|главная(?: страница)?|головна(?: сторінка)?|начал(?:о|на страница)|почетна|αρχική(?: σελίδα)?"
    r"|ראשי|דף הבית|עמוד הבית|الرئيسية|الصفحة الرئيسية|خانه|صفحه اصلی|首页|首頁|主页|主頁|ホーム|トップ(?:ページ)?|홈(?:으로)?|메인|หน้า(?:แรก|หลัก)",
    re.IGNORECASE,
)
PRODUCT = re.compile(
    r"(?:item|style|product|art\.?|sku|ref\.?|model) ?(?:#|no\.?|number|:)|product (?:details?|info)", re.IGNORECASE
)


def leads_home(step: str) -> bool:
    """Tell whether a step of a trail is called what shops call their home page."""
    return HOME.fullmatch(step) is not None


def trail_of(trail: Sequence[str], name: str | None) -> tuple[str, ...]:
    """Clean a trail and drop the home page at its start and the product at its end."""
    steps = [step for step in map(clean, trail) if step and len(step) <= LONGEST_STEP][:MOST_STEPS]
    steps = [step.strip(" /›»>") for step in steps]
    while steps and leads_home(steps[0]):
        del steps[0]
    while steps and (PRODUCT.match(steps[-1]) or (name and _folded(steps[-1]) == _folded(name))):
        del steps[-1]
    return tuple(dict.fromkeys(step for step in steps if step))


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
