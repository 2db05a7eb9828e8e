"""What narrows a list of products or imports, one parameter for each word of the filter that is asked for most."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query

from cartage.imports.progress import now
from cartage.model.filtering import LONGEST, Filter, FilterInvalid, Word, narrowed, parse_filter


class Narrowing:
    """Hold the parameters that narrow a list, all of which have to fit (`Depends(Narrowing)`)."""

    def __init__(
        self,
        *,
        wanted: Annotated[
            str,
            Query(
                alias="filter",
                description="What to list, such as `status:failed site:shop.example -error:cancelled`; the parameters"
                " narrow it down.",
            ),
        ] = "",
        site: Annotated[str, Query(description="Only of this site, such as `shop.example`.")] = "",
        brand: Annotated[str, Query(description="Only of this brand.")] = "",
        error: Annotated[str, Query(description="Only what failed with this code, such as `rate_limited`.")] = "",
        batch: Annotated[str, Query(description="Only of this list, `bat_…`.")] = "",
        tag: Annotated[str, Query(description="Only what has this tag.")] = "",
        external_id: Annotated[str, Query(description="Only what you call so elsewhere.")] = "",
        q: Annotated[
            str, Query(max_length=LONGEST, description="Only where the name, brand, SKU or address holds this.")
        ] = "",
    ) -> None:
        self._filter = parse_filter(wanted, now())
        asked = {Word.SITE: site, Word.BRAND: brand, Word.ERROR: error, Word.BATCH: batch, Word.TAG: tag}
        self._words: Mapping[Word, str] = asked | {Word.EXTERNAL_ID: external_id, Word.TEXT: q}

    @property
    def written(self) -> str:
        """Give `filter` so that it means the same later on."""
        return str(self._filter)

    def having(self, status: str | None) -> Filter:
        """Give the filter of all that is asked; raises `FilterInvalid`, which names the parameter."""
        chosen = self._filter
        for word, value in {Word.STATUS: status or "", **self._words}.items():
            try:
                chosen = narrowed(chosen, word, value) if value else chosen
            except FilterInvalid as error:
                raise FilterInvalid(error.detail, f"/query/{word.value}") from error
        return chosen
