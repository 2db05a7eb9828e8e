"""What a page lists that an import found to be a list, as it is told."""

from pydantic import BaseModel

from cartage.model.listed import Listed


class ListedProducts(BaseModel):
    """List the products that a page leads to, in its order; `name` is empty where the page does not say it."""

    products: list[Listed]
