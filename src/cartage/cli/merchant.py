"""Whom a command on this machine acts for: the one merchant there is, or the one that is named."""

from cartage.app import App
from cartage.imports.progress import now
from cartage.model.errors import InvalidInput
from cartage.model.ids import new_id
from cartage.model.merchant import Merchant


async def chosen_merchant(app: App, named: str = "") -> Merchant:
    """Choose the merchant by id or name; an installation without any gets its first one.

    Raises `InvalidInput` when the name fits none, or when there are several and none is named.
    """
    merchants = await app.store.accounts.merchants()
    if not merchants and not named:
        merchant = Merchant(id=new_id("mer"), name="My shop", created_at=now())
        await app.store.accounts.add_merchant(merchant)
        return merchant
    fitting = [each for each in merchants if named in ("", each.id, each.name)]
    if len(fitting) != 1:
        known = ", ".join(f"{each.id} ({each.name})" for each in merchants) or "none"
        raise InvalidInput(f"Name one merchant with --merchant; there are: {known}.")
    return fitting[0]
