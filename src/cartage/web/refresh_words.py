"""What the settings page of refreshes calls groups of fields, when they are renewed, and what becomes of gone pages."""

from cartage.model.refresh_policy import FieldGroup, Renewal, WhenGone

GROUPS = {
    FieldGroup.PRICES: ("Prices", "price and regular price, those of variants too"),
    FieldGroup.STOCK: ("Stock", "whether it is in stock, variants too"),
    FieldGroup.TEXTS: ("Texts", "name, brand and description"),
    FieldGroup.PICTURES: ("Pictures", "which there are, and their order"),
    FieldGroup.REST: ("Everything else", "options and which variants there are, codes, category, attributes, rating"),
}
RENEWALS = {
    Renewal.ALWAYS: ("Always", "also over what somebody set by hand"),
    Renewal.UNLESS_EDITED: ("Unless edited", "what somebody set by hand stays"),
    Renewal.NEVER: ("Never", "stays as it is"),
}
WHEN_GONE = {
    WhenGone.KEEP: ("Keep it as it was", "It is shown as failed; exports warn of it."),
    WhenGone.OUT_OF_STOCK: ("Mark it as out of stock", "Until its page is there again."),
    WhenGone.ARCHIVE: ("Put it into the archive", "No list and no export holds it then; you can restore it."),
}
