"""`cartage config`: the settings as they are."""

from collections.abc import Iterator
from typing import Any

from cyclopts import App
from pydantic import SecretStr

from cartage.cli.profiles import read_profiles
from cartage.cli.reading import read_settings
from cartage.cli.record import AS_USUAL, Form, write_all
from cartage.cli.shown import PROFILE, SETTING
from cartage.settings import Settings, whence

SECRET = ("key", "token", "database_url")  # an address may hold a password

config = App(name="config", help="Look at the settings.")


@config.command
def show(*, form: Form = AS_USUAL) -> None:
    """Show every setting, its value and where that comes from: the environment, `.env` or its default.

    Of a secret only whether it is set.
    """
    write_all(_each(read_settings()), form, SETTING)


@config.command
def profiles(*, form: Form = AS_USUAL) -> None:
    """List the profiles of the command line, without their tokens."""
    settings = read_settings()
    known = read_profiles(settings.profiles_file)
    write_all(({"profile": name, "url": each.url} for name, each in known.items()), form, PROFILE)


def _each(settings: Settings) -> Iterator[dict[str, Any]]:
    where = whence()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        yield {
            "setting": f"CARTAGE_{name.upper()}",
            "value": _told(name, value),
            "from": where[name],
            "about": field.description,
        }


def _told(name: str, value: Any) -> str:
    secret = value.get_secret_value() if isinstance(value, SecretStr) else value
    if isinstance(value, SecretStr) or name.endswith(SECRET):
        return "(secret)" if secret else ""
    if isinstance(value, frozenset):
        return ",".join(sorted(map(str, value)))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return "none" if value is None else str(value)
