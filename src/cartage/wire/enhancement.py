"""Enhancement as it is told: what is to be written, what is asked for, and what came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.model.enhancement import (
    LONGEST_VOICE,
    MOST_LANGUAGES,
    Enhancement,
    EnhanceRun,
    LanguageTag,
    Offence,
    Task,
)
from cartage.model.failure import Failure
from cartage.wire.body import Body

MOST_DECIDED = 100


class EnhanceSettingsBody(Body):
    """Say what is to be written: tasks, languages of translations, the shop's voice; `automatic` after each import."""

    automatic: bool = False
    tasks: Annotated[list[Task], Field(max_length=len(Task))] = Field(default_factory=list[Task])
    languages: Annotated[list[LanguageTag], Field(max_length=MOST_LANGUAGES)] = Field(default_factory=list[str])
    voice: Annotated[str, Field(max_length=LONGEST_VOICE)] = ""


class EnhanceBody(Body):
    """Ask for tasks, `title` or `translation:ar`; for all of the settings' where none is named."""

    tasks: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=30)] = Field(
        default_factory=list[str]
    )


class DecisionBody(Body):
    """Accept and reject enhancements by id."""

    accept: Annotated[list[str], Field(max_length=MOST_DECIDED)] = Field(default_factory=list[str])
    reject: Annotated[list[str], Field(max_length=MOST_DECIDED)] = Field(default_factory=list[str])


class RunOut(BaseModel):
    """Show one run of enhancement."""

    id: str
    product_id: str
    status: str
    tasks: list[str]
    done: list[str]
    error: Failure | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, run: EnhanceRun) -> "RunOut":
        """Map a run."""
        return cls(
            id=run.id,
            product_id=run.product_id,
            status=run.state.value,
            tasks=[str(each) for each in run.wanted],
            done=[str(each) for each in run.done],
            error=run.failure,
            created_at=run.created_at,
            finished_at=run.finished_at,
        )


class EnhancementOut(BaseModel):
    """Show a text beside its source; `offences` say why the check refused it."""

    id: str
    task: str
    field: str
    language: str | None
    source: str
    text: str
    model: str
    status: str
    offences: list[Offence]
    created_at: datetime

    @classmethod
    def of(cls, each: Enhancement) -> "EnhancementOut":
        """Map an enhancement."""
        return cls(
            id=each.id,
            task=str(each.wanted),
            field=each.field.value,
            language=each.language,
            source=each.source,
            text=each.text,
            model=each.model,
            status=each.state.value,
            offences=list(each.offences),
            created_at=each.created_at,
        )


class EnhancementsOut(BaseModel):
    """List a product's enhancements, newest first, and its last run."""

    enhancements: list[EnhancementOut]
    run: RunOut | None

    @classmethod
    def of(cls, found: Sequence[Enhancement], run: EnhanceRun | None) -> "EnhancementsOut":
        """Map enhancements and a run."""
        return cls(enhancements=[EnhancementOut.of(each) for each in found], run=run and RunOut.of(run))
