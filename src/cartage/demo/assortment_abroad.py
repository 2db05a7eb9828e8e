"""The goods of shops abroad, a bare page, and the goods of the pages that misbehave."""

from dataclasses import replace
from decimal import Decimal

from cartage.demo import storefronts as at
from cartage.demo.goods import Good, Markup, Neighbour, Price

COFFEE_POT = Good(
    path="/ar/p/dallah",
    label="Arabic, right to left, in riyals",
    name="دلة قهوة نحاسية",
    brand="سوق النحاس",
    price=Price(Decimal("1249.00"), "SAR", "١٬٢٤٩٫٠٠ ر.س"),
    pictures=("pot-brass-1", "pot-brass-2", "pot-walnut-1"),
    description=(
        "دلة قهوة عربية مطروقة يدويًا من النحاس الخالص، بمقبض خشبي لا يسخن وغطاء محكم يحفظ رائحة الهيل.",
        "تتسع لثمانية فناجين، وتأتي في علبة هدايا مبطنة بالمخمل.",
    ),
    crumbs=("دلال", "نحاس"),
    store=at.SOUQ,
    markup=Markup.TITLE_ONLY,
    neighbours=(
        Neighbour("طقم فناجين", "٣٢٠٫٠٠ ر.س", "mug-cream-1"),
        Neighbour("صينية تقديم", "٤٧٥٫٠٠ ر.س", "rug-brass-1"),
        Neighbour("مبخرة", "٢١٠٫٠٠ ر.س", "vase-brass-1"),
    ),
    details=(("المادة", "نحاس خالص"), ("السعة", "٨٠٠ مل")),
)
ESPRESSO = Good(
    path="/artikel/siebtraeger-classica",
    label="German: 1.299,00 €",
    name="Siebträgermaschine Classica",
    brand="Bohne & Blech",
    price=Price(Decimal("1299.00"), "EUR", "1.299,00 €"),
    pictures=("machine-steel-1", "machine-steel-2", "machine-iron-1"),
    description=(
        "Zweikreiser mit Messingkessel, Pumpe und PID: bereit in neun Minuten, leise genug für sechs Uhr früh.",
        "Siebträger 58 mm, Wassertank 2,5 l, Gehäuse aus gebürstetem Edelstahl.",
    ),
    crumbs=("Espresso", "Zweikreiser"),
    store=at.BOHNE,
    markup=Markup.TITLE_ONLY,
    neighbours=(
        Neighbour("Mühle Piccola", "389,00 €", "fan-iron-1"),
        Neighbour("Tamper 58 mm", "42,90 €", "vase-steel-1"),
        Neighbour("Milchkännchen", "24,50 €", "mug-steel-1"),
    ),
    details=(("Leistung", "1.450 W"), ("Gewicht", "24 kg")),
)
TETSUBIN = Good(
    path="/item/nanbu-tetsubin",
    label="Japanese: a price in whole yen",
    name="南部鉄瓶 アラレ 1.2L",
    brand="鉄と湯",
    price=Price(Decimal(18700), "JPY", "￥18,700"),
    pictures=("pot-iron-1", "pot-iron-2", "pot-iron-3"),
    description=("岩手の工房で一つずつ鋳込んだ鉄瓶です。湯がまろやかになり、鉄分もほどよく溶け出します。",),
    crumbs=("鉄瓶", "アラレ"),
    store=at.TETSU,
    markup=Markup.MICRODATA,
    neighbours=(
        Neighbour("急須 0.5L", "￥9,900", "pot-clay-1"),
        Neighbour("鍋敷き", "￥2,200", "rug-iron-1"),
        Neighbour("煎茶セット", "￥4,400", "mug-sage-1"),
    ),
    details=(("容量", "1.2L"), ("重さ", "1.9kg")),
    sku="TY-AR-12",
)
CAMERA = Good(
    path="/p/mirrorless-camera-x5",
    label="Indian: ₹1,24,999",
    name="Aravalli X5 Mirrorless Camera",
    brand="Aravalli",
    price=Price(Decimal("124999.00"), "INR", "₹1,24,999"),
    pictures=("camera-iron-1", "camera-iron-2", "camera-steel-1"),
    description=(
        "A 33-megapixel full-frame body with five-axis stabilisation, weather sealing and two card slots.",
        "In the box: body, battery, strap and a two-year Indian warranty.",
    ),
    crumbs=("Cameras", "Mirrorless"),
    store=at.LENS,
    markup=Markup.JSON_LD,
    neighbours=(
        Neighbour("35 mm f/1.8 Prime", "₹48,990", "camera-sand-1"),
        Neighbour("Carbon Tripod", "₹22,499", "lamp-iron-2"),
        Neighbour("128 GB Card", "₹3,299", "organiser-iron-1"),
    ),
    details=(("Sensor", "33 MP, full frame"), ("Weight", "598 g")),
    sku="AR-X5-BODY",
    gtin="8901234567890",
)
RUG = Good(
    path="/p/wool-rug",
    label="A bare page: pictures, hardly a word",
    name="Wool Rug",
    brand="",
    price=Price(Decimal(0), "EUR", ""),
    pictures=("rug-plum-1", "rug-sand-1", "rug-plum-2"),
    description=(),
    crumbs=("Rugs", "Hand-knotted"),
    store=at.WEFT,
    markup=Markup.TITLE_ONLY,
    neighbours=(
        Neighbour("Runner", "On request", "rug-clay-1"),
        Neighbour("Sample book", "On request", "throw-plum-1"),
    ),
)
GOODS_ABROAD = (COFFEE_POT, ESPRESSO, TETSUBIN, CAMERA, RUG)

LAMP = Good(
    path="/slow/desk-lamp",
    label="A page that takes its time",
    name="Folded Desk Lamp",
    brand="Lumen & Daughters",
    price=Price(Decimal("84.00"), "USD", "$84.00"),
    pictures=("lamp-walnut-1", "lamp-brass-1", "lamp-walnut-2"),
    description=("A shade folded from one sheet of steel on a weighted base; the dimmer is the pull cord itself.",),
    crumbs=("Lighting", "Desk lamps"),
    store=at.LUMEN,
    markup=Markup.JSON_LD,
    neighbours=(
        Neighbour("Clamp Lamp", "$62.00", "lamp-iron-1"),
        Neighbour("Linen Shade", "$38.00", "lamp-cream-1"),
        Neighbour("Bulb, 2700 K", "$9.00", "vase-cream-3"),
    ),
    sku="LD-101",
)
FAN = replace(
    LAMP,
    path="/flaky/desk-fan",
    label="Fails twice, then answers",
    name="Brushed Desk Fan",
    price=Price(Decimal("69.00"), "USD", "$69.00"),
    pictures=("fan-sage-1", "fan-steel-1", "fan-sage-2"),
    description=("Three quiet speeds and a cage that opens for cleaning; small enough to share a desk with a lamp.",),
    crumbs=("Air", "Fans"),
    sku="LD-204",
)
TEAPOT = replace(
    LAMP,
    path="/busy/tea-pot",
    label="Asks to slow down, then answers",
    name="Stovetop Tea Pot",
    price=Price(Decimal("52.00"), "USD", "$52.00"),
    pictures=("pot-sage-1", "pot-clay-1", "pot-sage-2"),
    description=(
        "An enamelled pot for four cups, with a strainer in the spout and a lid that stays on when you pour.",
    ),
    crumbs=("Tea", "Pots"),
    sku="LD-310",
)
CLOCK = replace(
    LAMP,
    path="/down/wall-clock",
    label="Down for a whole import; a retry works",
    name="Station Wall Clock",
    price=Price(Decimal("110.00"), "USD", "$110.00"),
    pictures=("clock-clay-1", "clock-sky-1", "clock-clay-2"),
    description=("A silent sweep movement behind domed glass, with the plain face of a railway platform.",),
    crumbs=("Time", "Wall clocks"),
    sku="LD-415",
)
GOODS_OF_MOODS = (LAMP, FAN, TEAPOT, CLOCK)
