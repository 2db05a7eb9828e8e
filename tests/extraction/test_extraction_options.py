"""The choices before buying, read from what a shopper picks them with."""

import pytest

from tests.extraction.pages import product_of, shop_page

CHOICES = [
    ('<label for=s>Size</label><select id=s><option value="">Choose an option</option><option>S</option><option>M</option></select>', {"Size": ("S", "M")}),
    ("<select aria-label='Select Colour'><option>Select Colour</option><option>Copper</option><option>Steel - Sold out</option></select>", {"Colour": ("Copper", "Steel")}),
    ("<form><label for=s>Gravure</label><select id=s><option>Geen</option><option>Naam (+€ 7,50)</option></select><button>Add to cart</button></form>", {"Gravure": ("Geen", "Naam")}),
    ("<fieldset><legend>Taille : M</legend><input type=radio name=t id=a><label for=a>M</label><input type=radio name=t id=b><label for=b>L</label></fieldset>", {"Taille": ("M", "L")}),
    ("<div>Couleur : Noir</div><ul><li><label><input type=radio name=c value=1>Noir</label></li><li><label><input type=radio name=c value=2>Rouge</label></li></ul>", {"Couleur": ("Noir", "Rouge")}),
    ("<fieldset><legend>Größe</legend><button type=button>36</button><button type=button>38</button></fieldset>", {"Größe": ("36", "38")}),
    ("<span class=label>Farbe:</span><ul class=swatches><li><a title='Wähle Farbe: Salbei' href='?c=1'></a></li><li><a title='Wähle Farbe: Sand' href='?c=2'></a></li></ul>", {"Farbe": ("Salbei", "Sand")}),
    ("<div class=size-picker><span class=t>Beden</span><div class=box>S</div><div class=box>M</div></div>", {"Beden": ("S", "M")}),
    ("<form><dl><dt><label>Colour</label></dt><dd><select id=c><option>Moss</option><option>Sand</option></select></dd><dt>Fuel</dt><dd><ul><li><input type=radio name=f id=p><label for=p>Propane</label></li><li><input type=radio name=f id=b><label for=b>Butane [+$5.00]</label></li></ul></dd></dl><button>Add to cart</button></form>", {"Colour": ("Moss", "Sand"), "Fuel": ("Propane", "Butane")}),
    ("<div class=sku-selector><div><span>Cor</span><span>: </span><span>Cinza</span></div><div><div role=button>Cinza</div><div role=button>Areia</div></div></div>", {"Cor": ("Cinza", "Areia")}),
    ("<div class=product-list-field><label for=o>Χρώμα:</label><select id=o><option>Γκρι</option><option>Μπλε</option></select></div>", {"Χρώμα": ("Γκρι", "Μπλε")}),
    ("<form><div class=variants><p>Kabelfarbe</p><input type=radio name=k id=a><label for=a>Schwarz</label><input type=radio name=k id=b><label for=b>Weiß</label></div></form>", {"Kabelfarbe": ("Schwarz", "Weiß")}),
    ("<form><ul><li><input type=radio name=v id=a><label for=a>Size: S, Color: Oat</label></li><li><input type=radio name=v id=b><label for=b>Size: M, Color: Oat Out of Stock</label></li></ul><button>Add to cart</button></form>", {"Size": ("S", "M"), "Color": ("Oat",)}),
    ("<table><tr><th>색상</th><td><select><option>- [필수] 옵션을 선택해 주세요 -</option><option>백자</option><option>분청</option></select></td></tr></table>", {"색상": ("백자", "분청")}),
    ("<div class=color-swatches><button aria-label='Select Color Tan'></button><button aria-label='Select Color Black'></button></div>", {"Color": ("Tan", "Black")}),
]  # fmt: skip
NO_CHOICES = [
    "<label for=q>Size of order, quantity</label><select id=q name=qty><option>1</option><option>2</option></select>",
    "<select name=currency aria-label=Currency><option>EUR</option><option>USD</option></select>",
    "<select id=n><option>1</option><option>2</option><option>3</option></select>",
    "<label for=r>Sort by</label><select id=r><option>Newest</option><option>Best</option></select>",
    "<ul class=nav-tabs><li>Details</li><li>Reviews</li></ul>",
    "<div class=related><label for=s>Size</label><select id=s><option>S</option><option>M</option></select></div>",
    "<fieldset><legend>Protection plan</legend><input type=radio name=p id=a><label for=a>1 year</label><input type=radio name=p id=b><label for=b>2 years</label></fieldset>",
]


@pytest.mark.parametrize(("shown", "options"), CHOICES)
def test_what_a_shopper_picks_is_an_option(shown: str, options: dict[str, tuple[str, ...]]) -> None:
    """Selects, radio buttons and swatches give the axis by its name, and its values without prices or stock."""
    product = product_of(shop_page(more=shown))

    assert {option.name: option.values for option in product.options} == options


@pytest.mark.parametrize("shown", NO_CHOICES)
def test_other_controls_are_no_options(shown: str) -> None:
    """How many, which currency, in which order, and what is chosen of other products say nothing of this one."""
    assert product_of(shop_page(more=shown)).options == ()


def test_a_choice_in_a_definition_list_is_no_attribute() -> None:
    """What the shopper has to choose is asked, not stated, and a table's heading is no row of it."""
    choice = "<dl><dt>Fuel</dt><dd><input type=radio name=f id=p><label for=p>Propane</label></dd></dl>"
    table = "<table><tr><th>Name</th><th>Value</th></tr><tr><td>Power</td><td>3 kW</td></tr><tr><td>Mass</td><td>4 kg</td></tr></table>"

    product = product_of(shop_page(more=choice + table))

    assert dict(product.attributes) == {"Power": "3 kW", "Mass": "4 kg"}


def test_a_price_in_a_table_of_facts_is_no_attribute() -> None:
    """What a table says of the offer is read as the price, and the codes as codes."""
    rows = {"판매가": "22,400원", "자체상품코드": "MC-MUG-07", "배송비": "3,000원", "소재": "백자토"}
    table = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows.items())

    product = product_of(shop_page(more=f"<table>{table}</table>"))

    assert (product.sku, dict(product.attributes)) == ("MC-MUG-07", {"자체상품코드": "MC-MUG-07", "소재": "백자토"})
