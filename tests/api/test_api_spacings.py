"""The time between visits over HTTP: set and removed by the operator alone."""

import pytest

from tests.api.conftest import Api


async def test_a_site_gets_a_time_of_its_own_and_loses_it(api: Api) -> None:
    """It is kept under the site's registrable domain, with who set it; removing it twice finds nothing."""
    set_ = await api.mine.put("/v1/spacings/www.shop.example", json={"seconds": 5})

    assert set_.status_code == 200
    assert set_.json() | {"set_at": ""} == {"site": "shop.example", "seconds": 5, "set_by": "token test", "set_at": ""}
    assert (await api.mine.get("/v1/spacings")).json() == {"spacings": [set_.json()]}
    assert (await api.mine.delete("/v1/spacings/shop.example")).status_code == 204
    assert (await api.mine.delete("/v1/spacings/shop.example")).status_code == 404


@pytest.mark.parametrize(
    ("site", "seconds", "pointer"), [("shop.example", 3601, "/seconds"), ("-.example", 5, "/site")]
)
async def test_what_cannot_be_is_refused(api: Api, site: str, seconds: float, pointer: str) -> None:
    """The problem names the field."""
    refused = await api.mine.put(f"/v1/spacings/{site}", json={"seconds": seconds})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_another_business_may_not(api: Api) -> None:
    """Its tokens of any scope are refused, in reading too."""
    assert (await api.theirs.put("/v1/spacings/shop.example", json={"seconds": 0})).status_code == 403
    assert (await api.theirs.get("/v1/spacings")).status_code == 403
