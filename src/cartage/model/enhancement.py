"""Enhancement: texts that a language model writes of a product, kept beside what its page states."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from cartage.model.failure import Failure
from cartage.model.product import Value

LONGEST_VOICE = 1000
MOST_LANGUAGES = 20
LANGUAGE_TAG = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$")
LanguageTag = Annotated[str, Field(pattern=LANGUAGE_TAG.pattern, max_length=20)]


class Task(StrEnum):
    """Name what a language model may be asked to write."""

    TITLE = "title"
    DESCRIPTION = "description"
    SEO = "seo"
    BULLETS = "bullets"
    TRANSLATION = "translation"


class TextField(StrEnum):
    """Name a text that a product may have beside its facts."""

    TITLE = "title"
    DESCRIPTION = "description"
    SEO_TITLE = "seo_title"
    SEO_DESCRIPTION = "seo_description"
    BULLETS = "bullets"


FIELDS_OF = {
    Task.TITLE: (TextField.TITLE,),
    Task.DESCRIPTION: (TextField.DESCRIPTION,),
    Task.SEO: (TextField.SEO_TITLE, TextField.SEO_DESCRIPTION),
    Task.BULLETS: (TextField.BULLETS,),
    Task.TRANSLATION: (TextField.TITLE, TextField.DESCRIPTION),
}
FACT_OF = {TextField.TITLE: "name", TextField.DESCRIPTION: "description"}


class Wanted(Value):
    """Name a task, and for a translation its language; written `title`, `translation:ar`."""

    task: Task
    language: LanguageTag | None = None

    def __str__(self) -> str:
        return f"{self.task.value}:{self.language}" if self.language else self.task.value


class Offence(Value):
    """Show what a new text says and its source does not: of which kind, as written, and in which sentence."""

    kind: Literal["number", "unit", "material", "claim", "link", "email", "markup", "language", "length"]
    found: str
    sentence: str


class EnhancementState(StrEnum):
    """Name where an enhancement stands; `refused` is by the check, `rejected` by a person."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"

    @property
    def open(self) -> bool:
        """Tell whether another proposal takes its place."""
        return self not in {EnhancementState.ACCEPTED, EnhancementState.REPLACED}


class Enhancement(Value):
    """Keep one text that a language model wrote, beside the text it was written from.

    `language` is None for the product's own language. `number` counts the tries of its run; `basis` tells the
    facts and settings it was written from apart from others.
    """

    id: str
    merchant_id: str
    product_id: str
    run_id: str
    task: Task
    field: TextField
    language: LanguageTag | None = None
    number: int = 1
    source: str
    text: str
    model: str
    basis: str
    state: EnhancementState
    offences: tuple[Offence, ...] = ()
    created_at: datetime
    decided_at: datetime | None = None

    @property
    def wanted(self) -> Wanted:
        """Name what was asked for."""
        return Wanted(task=self.task, language=self.language)


class WrittenText(Value):
    """Hold a text of a product that a language model wrote and a person accepted."""

    field: TextField
    language: LanguageTag | None = None
    text: str
    model: str
    enhancement_id: str


class Text(Value):
    """Hold a text to publish; `model` names the language model that wrote it, None for the page or a person."""

    text: str
    language: LanguageTag | None = None
    model: str | None = None

    @property
    def by_model(self) -> bool:
        """Tell whether a language model wrote it, so that channels which ask for it can be told."""
        return self.model is not None


class RunState(StrEnum):
    """Name where an enhance run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Tell whether the run has ended."""
        return self in {RunState.SUCCEEDED, RunState.FAILED}


class EnhanceRun(Value):
    """Keep one run of the work that enhances a product as an import left it.

    `done` lists what succeeded. `afresh` asks also where an earlier text was written from the very same facts.
    `resumes` names the run that stopped at a budget, which a person lets go on; `bulk` lets runs go first that a
    person waits for.
    """

    id: str
    product_id: str
    merchant_id: str
    import_id: str
    batch_id: str | None = None
    wanted: tuple[Wanted, ...]
    done: tuple[Wanted, ...] = ()
    state: RunState = RunState.QUEUED
    afresh: bool = False
    resumes: str | None = None
    bulk: bool = False
    failure: Failure | None = None
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def left(self) -> tuple[Wanted, ...]:
        """List what did not succeed."""
        return tuple(each for each in self.wanted if each not in self.done)


class EnhanceSettings(Value):
    """Say what a merchant wants written, in which languages and voice; `automatic` after every import."""

    merchant_id: str
    automatic: bool = False
    tasks: tuple[Task, ...] = ()
    languages: Annotated[tuple[LanguageTag, ...], Field(max_length=MOST_LANGUAGES)] = ()
    voice: Annotated[str, Field(max_length=LONGEST_VOICE)] = ""

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """List the tasks, a translation for each language."""
        plain = [Wanted(task=task) for task in self.tasks if task is not Task.TRANSLATION]
        translating = self.languages if Task.TRANSLATION in self.tasks else ()
        return (*plain, *(Wanted(task=Task.TRANSLATION, language=language) for language in translating))
