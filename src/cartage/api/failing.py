"""Why an import failed, told in full: in which step, what may help, and what was seen."""

from collections.abc import Sequence

from cartage.api.artifacts import kept_of
from cartage.imports.service import Imports
from cartage.model.catalogue import Attempt, Import, Step, StepState
from cartage.model.errors import NotFound
from cartage.model.page import Page
from cartage.scraping.remedies import remedies
from cartage.wire.catalogue import FailureEvidence, ImportFailure


async def told_in_full(
    imports: Imports, import_: Import, error: ImportFailure, steps: Sequence[Step], attempts: Sequence[Attempt]
) -> ImportFailure:
    """Add the step, the actions and the evidence to an import's error."""
    failed = [step.name for step in steps if step.state is StepState.FAILED]
    page = await _last_page(imports, import_, attempts)
    seen = FailureEvidence(
        final_url=page and page.url,
        http_status=last_status(attempts) or (page and page.status),
        artifacts=list(kept_of(import_.id, attempts)),
    )
    told = {
        "step": failed[-1] if failed else None,
        "actions": list(remedies(error, attempts, renders=imports.renders)),
        "evidence": seen,
    }
    return error.model_copy(update=told)


def last_status(attempts: Sequence[Attempt]) -> int | None:
    """Give the last status that the site answered with; None where it answered no try, or nobody noted it."""
    return next((each.http_status for each in reversed(attempts) if each.http_status), None)


async def _last_page(imports: Imports, import_: Import, attempts: Sequence[Attempt]) -> Page | None:
    kept = [each.page_id for each in attempts if each.page_id]
    if not kept:
        return None
    try:
        return Page.model_validate_json(await imports.store.artifacts.get(import_.merchant_id, kept[-1]))
    except NotFound:  # it was not to be kept for so long
        return None
