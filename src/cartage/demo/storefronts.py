"""The shops that the demo imitates: each has a name, a look and a language."""

from cartage.demo.goods import Storefront, Words

GERMAN = Words(
    language="de",
    home="Startseite",
    search="Suchen",
    basket="Warenkorb",
    add="In den Warenkorb",
    sold_out="Ausverkauft",
    notify="Benachrichtigen",
    in_stock="Auf Lager, Lieferzeit 2–3 Werktage",
    out_of_stock="Nicht auf Lager",
    quantity="Menge",
    description="Beschreibung",
    details="Technische Daten",
    related="Das könnte Ihnen auch gefallen",
    delivery="Alle Preise inkl. MwSt., versandkostenfrei innerhalb Deutschlands.",
    letter="Unser Brief kommt höchstens einmal im Monat: Neues zuerst, und Abbestellen mit einem Klick.",
    help=("Versand", "Rückgabe", "Kontakt", "Datenschutz"),
)
ARABIC = Words(
    language="ar",
    home="الرئيسية",
    search="بحث",
    basket="السلة",
    add="أضف إلى السلة",
    sold_out="نفدت الكمية",
    notify="أعلمني عند التوفر",
    in_stock="متوفر في المخزون",
    out_of_stock="غير متوفر",
    quantity="الكمية",
    description="الوصف",
    details="المواصفات",
    related="قد يعجبك أيضًا",
    delivery="شحن مجاني داخل المملكة وإرجاع خلال ثلاثين يومًا.",
    letter="نشرتنا تصلك مرة في الشهر على الأكثر، ويمكنك إلغاؤها بنقرة واحدة.",
    help=("الشحن", "الإرجاع", "اتصل بنا", "الخصوصية"),
)
JAPANESE = Words(
    language="ja",
    home="ホーム",
    search="検索",
    basket="カート",
    add="カートに入れる",
    sold_out="売り切れ",
    notify="再入荷を通知",
    in_stock="在庫あり",
    out_of_stock="在庫切れ",
    quantity="数量",
    description="商品説明",
    details="仕様",
    related="おすすめ商品",
    delivery="全国送料無料、30日以内の返品を承ります。",
    letter="お便りは月に一度だけ。新着のご案内をお届けし、いつでも解除できます。",
    help=("配送", "返品", "お問い合わせ", "プライバシー"),
)

HARBOUR = Storefront(
    "Harbour & Hem",
    "Summer sale: linen from 20% less, while it lasts",
    ("New", "Shirts", "Trousers", "Knitwear", "Sale"),
    accent="#8a4b2a",
    paper="#fffdf9",
    serif=True,
)
SPAN = Storefront(
    "Span & Grain", "Made to order in our own workshop", ("Desk", "Kitchen", "Living", "Journal"), accent="#5c4327"
)
FELL = Storefront(
    "Fell Mill",
    "Woven in Yorkshire since 1891",
    ("Throws", "Cushions", "Scarves", "Care"),
    accent="#3d5a50",
    serif=True,
)
CAMP = Storefront(
    "Campfire Supply", "Gear that outlives the trip", ("Cook", "Sleep", "Carry", "Light"), accent="#b3482e"
)
GLASS = Storefront(
    "Studio Verre",
    "Blown and soldered by hand in Ghent",
    ("Terraria", "Lamps", "Mirrors"),
    accent="#2d6a7a",
    serif=True,
)
KILN = Storefront(
    "The Slow Kiln",
    "Open studio every Saturday",
    ("Vases", "Bowls", "Lessons"),
    accent="#7a5230",
    paper="#fbf8f3",
    serif=True,
)
RIDGE = Storefront("Ridgeline", "Free shipping over $75", ("Packs", "Shoes", "Layers", "Sale"), accent="#0d5c63")
MERIDIAN = Storefront(
    "Meridian Watch Co.", "Two-year guarantee on every movement", ("Field", "Dive", "Dress", "Straps"), accent="#2b3a55"
)
NORDHEIM = Storefront(
    "Nordheim", "Sale: up to a quarter less on seating", ("Seating", "Tables", "Storage"), accent="#a3341f"
)
SOUQ = Storefront(
    "سوق النحاس",
    "تخفيضات نهاية الموسم على أواني القهوة",
    ("دلال", "فناجين", "صواني", "هدايا"),
    accent="#8a6420",
    serif=True,
    words=ARABIC,
)
BOHNE = Storefront(
    "Bohne & Blech",
    "Beratung von Baristas, auch am Telefon",
    ("Espresso", "Mühlen", "Zubehör"),
    accent="#7b2d26",
    words=GERMAN,
)
TETSU = Storefront(
    "鉄と湯",
    "南部鉄器の専門店",
    ("鉄瓶", "急須", "茶器", "ギフト"),
    accent="#33383d",
    paper="#fafaf8",
    serif=True,
    words=JAPANESE,
)
LENS = Storefront(
    "Lensbazaar",
    "No-cost EMI on cameras from Mumbai to Chennai",
    ("Cameras", "Lenses", "Tripods", "Deals"),
    accent="#123c8c",
)
WEFT = Storefront(
    "Weft",
    "Rugs from small looms: prices on request",
    ("Rugs", "Runners", "Samples", "Care", "Looms", "Visit us"),
    accent="#6b4a63",
)
LUMEN = Storefront(
    "Lumen & Daughters", "Lighting and small things for desks", ("Lighting", "Air", "Time", "Tea"), accent="#2f5d50"
)
