"""Enhancement: texts that language models propose, for people to accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, once, path
from cartage.wire.enhancement import DecisionBody, EnhanceBody, EnhancementsOut, EnhanceSettingsBody, RunOut


@dataclass(frozen=True, slots=True)
class Enhancement:
    """Have products' texts written, and decide on what came."""

    connection: Connection

    async def settings(self) -> EnhanceSettingsBody:
        """Get what is to be written."""
        return await self.connection.get(EnhanceSettingsBody, Call("GET", "/v1/enhancement"))

    async def set_settings(self, settings: EnhanceSettingsBody | Mapping[str, Any]) -> EnhanceSettingsBody:
        """Say what is to be written: tasks, languages of translations, the shop's voice."""
        return await self.connection.get(EnhanceSettingsBody, Call("PUT", "/v1/enhancement", body=settings))

    async def create(self, product_id: str, tasks: Sequence[str] = (), *, key: str = "") -> RunOut:
        """Ask for tasks, such as `title` or `translation:ar`; for those of the settings without any."""
        where = path("/v1/products/{}/enhance", product_id)
        call = Call("POST", where, body=EnhanceBody(tasks=[*tasks]), headers=once(key))
        return await self.connection.get(RunOut, call)

    async def go_on(self, product_id: str) -> RunOut:
        """Let an enhancement that stopped at a budget go on."""
        call = Call("POST", path("/v1/products/{}/enhance/continue", product_id), headers=once(""))
        return await self.connection.get(RunOut, call)

    async def of(self, product_id: str) -> EnhancementsOut:
        """List what was written of a product, beside the page's own text."""
        return await self.connection.get(EnhancementsOut, Call("GET", path("/v1/products/{}/enhancements", product_id)))

    async def decide(
        self, product_id: str, *, accept: Sequence[str] = (), reject: Sequence[str] = ()
    ) -> EnhancementsOut:
        """Accept or reject texts by id; raises `Conflict` for accepting what the check refused."""
        body = DecisionBody(accept=[*accept], reject=[*reject])
        where = path("/v1/products/{}/enhancements/decisions", product_id)
        return await self.connection.get(EnhancementsOut, Call("POST", where, body=body, headers=once("")))
