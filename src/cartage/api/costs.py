"""Costs over HTTP: what was spent on pages and on language models."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from cartage.imports.spending import SHOWN_DAYS, Costs, total_of
from cartage.wire.costs import CostOut, CostsOut, FetchedOut


def add_costs(router: APIRouter, costs: Costs, merchant: Any) -> None:
    """Add `GET /v1/costs`."""

    @router.get("/v1/costs", tags=["costs"])
    async def list_costs(
        group_by: Annotated[
            Literal["provider", "site", "batch", "model", "day", "import"], Query(description="What a line sums up.")
        ] = "provider",
        days: Annotated[int, Query(ge=1, le=366, description="How many days back.")] = SHOWN_DAYS,
        batch: Annotated[str, Query(description="Only what this batch cost.")] = "",
        *,
        merchant_id: str = merchant,
    ) -> CostsOut:
        """Sum up what was spent in the last days, by provider, site, batch, language model, day or import.

        `fetched` sums up the bytes that came over the network, by provider.
        """
        lines = await costs.of(merchant_id, group_by, days, batch_id=batch)
        fetched = await costs.fetched(merchant_id, days, batch_id=batch)
        return CostsOut(
            group_by=group_by,
            days=days,
            total=total_of(lines),
            unknown=sum(line.unknown for line in lines),
            costs=[CostOut(**line.model_dump()) for line in lines],
            fetched=[FetchedOut(**each.model_dump()) for each in fetched],
        )
