"""The goods that stand for how shops differ: in platform, markup, language and money."""

from decimal import Decimal

from cartage.demo import storefronts as at
from cartage.demo.goods import Form, Good, Markup, Neighbour, Price

SHIRT = Good(
    path="/products/linen-camp-shirt",
    label="Shopify: sizes, colours and a sale",
    name="Linen Camp Shirt",
    brand="Harbour & Hem",
    price=Price(Decimal("64.00"), "USD", "$64.00", Decimal("80.00"), "$80.00"),
    pictures=("shirt-sand-1", "shirt-olive-1", "shirt-sand-2", "shirt-olive-3"),
    description=(
        "A boxy camp-collar shirt in washed European linen, cut to be worn open over a tee or buttoned up for dinner.",
        "Garment-washed for softness, with shell buttons and a single chest pocket. Wash cold, hang to dry.",
    ),
    crumbs=("Shirts", "Short sleeve"),
    store=at.HARBOUR,
    markup=Markup.SHOPIFY,
    neighbours=(
        Neighbour("Drawstring Linen Trouser", "$98.00", "throw-sand-1"),
        Neighbour("Cotton Piqué Polo", "$54.00", "shirt-sky-1"),
        Neighbour("Canvas Weekender", "$145.00", "daypack-walnut-1"),
    ),
    details=(("Fabric", "100% linen, 170 g/m²"), ("Fit", "Relaxed"), ("Made in", "Portugal")),
    axes=("Size", "Colour"),
    forms=tuple(
        Form(
            (size, colour),
            f"HH-LCS-{size}-{colour[:3].upper()}",
            Decimal("64.00"),
            Decimal("80.00"),
            in_stock=(size, colour) != ("XL", "Olive"),
            picture=f"shirt-{colour.lower()}-1",
        )
        for size in ("S", "M", "L", "XL")
        for colour in ("Sand", "Olive")
    ),
    number=7301884,
)
ORGANISER = Good(
    path="/product/walnut-desk-organiser/",
    label="WooCommerce: variations with their own prices",
    name="Walnut Desk Organiser",
    brand="Span & Grain",
    price=Price(Decimal("58.00"), "EUR", "58,00 €"),
    pictures=("organiser-walnut-1", "organiser-oak-1", "organiser-walnut-2"),
    description=(
        "Three trays and a pen tower that slot together on any desk, milled from one board so the grain runs through.",
        "Finished with two coats of hard wax oil. Felt feet keep it from scratching.",
    ),
    crumbs=("Desk", "Organisers"),
    store=at.SPAN,
    markup=Markup.WOOCOMMERCE,
    neighbours=(
        Neighbour("Oak Monitor Shelf", "119,00 €", "organiser-oak-3"),
        Neighbour("Brass Pen", "34,00 €", "lamp-brass-1"),
        Neighbour("Cork Coaster Set", "18,50 €", "mug-oak-1"),
    ),
    details=(("Size", "32 × 18 × 12 cm"), ("Finish", "Hard wax oil")),
    sku="SG-ORG",
    axes=("Wood",),
    forms=(
        Form(("Walnut",), "SG-ORG-WAL", Decimal("72.00"), picture="organiser-walnut-1"),
        Form(("Oak",), "SG-ORG-OAK", Decimal("58.00"), picture="organiser-oak-1"),
        Form(("Smoked oak",), "SG-ORG-SMO", Decimal("64.00"), in_stock=False, picture="organiser-iron-1"),
    ),
    number=412,
)
THROW = Good(
    path="/shop/throws/merino-throw",
    label="JSON-LD inside an @graph",
    name="Merino Herringbone Throw",
    brand="Fell Mill",
    price=Price(Decimal("129.00"), "GBP", "£129.00"),
    pictures=("throw-sage-1", "throw-sage-2", "throw-cream-1"),
    description=(
        "A generous throw in lambs-soft merino, woven in a fine herringbone and finished with a hand-knotted fringe.",
        "Warm without weight: it drapes over a sofa by day and doubles as a blanket at night.",
    ),
    crumbs=("Throws", "Merino"),
    store=at.FELL,
    markup=Markup.GRAPH,
    neighbours=(
        Neighbour("Lambswool Cushion", "£48.00", "throw-clay-1"),
        Neighbour("Mohair Scarf", "£72.00", "throw-plum-3"),
        Neighbour("Wool Wash", "£9.50", "vase-cream-1"),
    ),
    details=(("Material", "100% merino wool"), ("Size", "140 × 190 cm"), ("Weight", "780 g")),
    sku="FM-THR-210",
    gtin="5012345678900",
    rating=("4.8", 126),
)
MUG = Good(
    path="/p/enamel-camp-mug",
    label="Microdata only",
    name="Enamel Camp Mug",
    brand="Campfire Supply",
    price=Price(Decimal("18.00"), "USD", "$18.00"),
    pictures=("mug-clay-1", "mug-clay-2", "mug-sky-1"),
    description=(
        "The mug that has been on every trip: a steel body, two coats of enamel and a rolled rim that never cuts.",
        "Holds 350 ml, goes on the fire and in the dishwasher.",
    ),
    crumbs=("Cook", "Mugs & plates"),
    store=at.CAMP,
    markup=Markup.MICRODATA,
    neighbours=(
        Neighbour("Cast Iron Skillet", "$46.00", "rug-iron-1"),
        Neighbour("Titanium Spork", "$14.00", "lamp-steel-3"),
        Neighbour("Percolator", "$39.00", "pot-steel-1"),
    ),
    details=(("Volume", "350 ml"), ("Weight", "142 g")),
    sku="CS-MUG-350",
    rating=("4.6", 318),
)
TERRARIUM = Good(
    path="/item/glass-terrarium",
    label="OpenGraph only",
    name="Faceted Glass Terrarium",
    brand="Studio Verre",
    price=Price(Decimal("89.00"), "EUR", "€89.00"),
    pictures=("terrarium-sky-1", "terrarium-sage-1", "terrarium-sky-2"),
    description=(
        "Ten panes of recycled glass soldered in blackened tin, tall enough for a fern, open on one side for a hand.",
    ),
    crumbs=("Terraria",),
    store=at.GLASS,
    markup=Markup.OPEN_GRAPH,
    neighbours=(
        Neighbour("Hanging Prism Lamp", "€164.00", "lamp-sky-1"),
        Neighbour("Round Mirror", "€112.00", "clock-steel-1"),
        Neighbour("Soldering Evening", "€55.00", "terrarium-clay-1"),
    ),
    details=(("Height", "28 cm"), ("Glass", "Recycled, 3 mm")),
)
VASE = Good(
    path="/product/hand-thrown-vase.html",
    label="Nothing but visible text",
    name="Hand-Thrown Bottle Vase",
    brand="",
    price=Price(Decimal("48.00"), "GBP", "£48.00"),
    pictures=("vase-oak-1", "vase-oak-2", "vase-clay-1"),
    description=(
        "Thrown in one piece from speckled stoneware and glazed only where the band runs, so the clay stays in sight.",
        "Watertight. Each one differs by a few millimetres; yours will be close to the pictures.",
    ),
    crumbs=("Vases", "Stoneware"),
    store=at.KILN,
    markup=Markup.NOTHING,
    neighbours=(
        Neighbour("Ramen Bowl", "£32.00", "mug-cream-1"),
        Neighbour("Saturday Lesson", "£65.00", "vase-plum-1"),
        Neighbour("Seconds Box", "£40.00", "organiser-clay-1"),
    ),
    details=(("Height", "24 cm"), ("Glaze", "Tin white, lead free")),
)
DAYPACK = Good(
    path="/buy/trail-daypack",
    label="Variants in a ProductGroup",
    name="Trail Daypack",
    brand="Ridgeline",
    price=Price(Decimal("95.00"), "USD", "$95.00"),
    pictures=("daypack-olive-1", "daypack-clay-1", "daypack-olive-2"),
    description=(
        "A day's worth of room with a frame sheet to keep the load off your spine and a pocket you can reach walking.",
        "Recycled 210-denier nylon, sealed seams, a sleeve for three litres of water.",
    ),
    crumbs=("Packs", "Day packs"),
    store=at.RIDGE,
    markup=Markup.GROUP,
    neighbours=(
        Neighbour("Rain Cover", "$28.00", "throw-sky-1"),
        Neighbour("Trekking Poles", "$110.00", "lamp-iron-1"),
        Neighbour("Overnight Pack 42 L", "$180.00", "daypack-iron-1"),
    ),
    details=(("Material", "Recycled nylon"), ("Warranty", "10 years")),
    axes=("Colour", "Volume"),
    forms=(
        Form(("Olive", "18 L"), "RL-TD-18-OL", Decimal("95.00"), picture="daypack-olive-1"),
        Form(("Olive", "24 L"), "RL-TD-24-OL", Decimal("110.00"), picture="daypack-olive-1"),
        Form(("Clay", "18 L"), "RL-TD-18-CL", Decimal("95.00"), in_stock=False, picture="daypack-clay-1"),
        Form(("Clay", "24 L"), "RL-TD-24-CL", Decimal("110.00"), picture="daypack-clay-1"),
    ),
    sku="RL-TD",
)
WATCH = Good(
    path="/p/field-watch-38",
    label="Out of stock",
    name="Field Watch 38",
    brand="Meridian",
    price=Price(Decimal("340.00"), "CHF", "CHF 340.00"),
    pictures=("watch-steel-1", "watch-steel-2", "watch-brass-1"),
    description=(
        "A 38 mm field watch with a hand-wound movement, sapphire crystal and numerals to be read at arm's length.",
    ),
    crumbs=("Field",),
    store=at.MERIDIAN,
    markup=Markup.JSON_LD,
    neighbours=(
        Neighbour("Dive Watch 41", "CHF 520.00", "watch-sky-1"),
        Neighbour("Dress Watch 36", "CHF 460.00", "watch-cream-1"),
        Neighbour("Leather Strap", "CHF 60.00", "throw-walnut-1"),
    ),
    details=(("Case", "Steel, 38 mm"), ("Movement", "Hand-wound, 42 h"), ("Water", "100 m")),
    sku="MER-F38",
    in_stock=False,
)
CHAIR = Good(
    path="/p/oak-lounge-chair",
    label="A sale price beside the list price",
    name="Oak Lounge Chair",
    brand="Nordheim",
    price=Price(Decimal("449.00"), "USD", "$449.00", Decimal("599.00"), "$599.00"),
    pictures=("chair-oak-1", "chair-oak-2", "chair-sage-1"),
    description=(
        "A low chair for long evenings: solid oak legs, a sprung seat and covers that come off for washing.",
        "Arrives in one box; the legs screw on by hand.",
    ),
    crumbs=("Seating", "Lounge chairs"),
    store=at.NORDHEIM,
    markup=Markup.JSON_LD,
    neighbours=(
        Neighbour("Footstool", "$149.00", "throw-oak-1"),
        Neighbour("Side Table", "$229.00", "rug-oak-1"),
        Neighbour("Reading Lamp", "$119.00", "lamp-brass-1"),
    ),
    details=(("Width", "72 cm"), ("Wood", "Oak, FSC certified")),
    sku="NH-OLC-01",
    rating=("4.4", 52),
)
GOODS_AT_HOME = (SHIRT, ORGANISER, THROW, MUG, TERRARIUM, VASE, DAYPACK, WATCH, CHAIR)
