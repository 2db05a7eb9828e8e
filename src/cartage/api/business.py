"""The merchant over HTTP: its name, what it prefers, and the workers that run its imports."""

from typing import Any

from fastapi import APIRouter

from cartage.accounts.service import Accounts
from cartage.imports.hands import hands_of
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.wire.business import MerchantBody, MerchantOut, WorkerList, WorkerOut

MOST_RUNNING = 1000


def add_business(router: APIRouter, imports: Imports, accounts: Accounts, merchant: Any) -> None:
    """Add `/v1/merchant` and `/v1/workers`."""

    @router.get("/v1/merchant", tags=["merchant"])
    async def get_merchant(*, merchant_id: str = merchant) -> MerchantOut:
        """Get the merchant that the token belongs to.

        `currency` and `units` are what prices and weights without one are in, null where none is chosen.
        """
        return MerchantOut.of(await accounts.merchant(merchant_id))

    @router.patch("/v1/merchant", tags=["merchant"])
    async def change_merchant(body: MerchantBody, *, merchant_id: str = merchant) -> MerchantOut:
        """Change what the merchant is called, or what it counts and measures in.

        What is left out stays, and null takes a preference back. Answers with the merchant as it is now; pages are read
        as ever.
        """
        await accounts.change_merchant(merchant_id, body.as_change())
        return MerchantOut.of(await accounts.merchant(merchant_id))

    @router.get("/v1/workers", tags=["merchant"])
    async def list_workers(*, merchant_id: str = merchant) -> WorkerList:
        """List the processes that run imports.

        A silent one left no sign of life for so long that it is not counted on.
        """
        hands = await hands_of(imports, merchant_id, now(), MOST_RUNNING)
        return WorkerList(
            workers=[
                WorkerOut(
                    engine=hand.worker.engine,
                    started_at=hand.worker.started_at,
                    seen_at=hand.worker.seen_at,
                    silent=hand.silent,
                    running=[each.id for each in hand.own],
                )
                for hand in hands
            ]
        )
