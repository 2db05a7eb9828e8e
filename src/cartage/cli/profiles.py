"""Named Cartages: each an address and a token, in a file of the person who types the commands."""

import tomllib
from pathlib import Path

from pydantic import SecretStr, ValidationError

from cartage.model.errors import InvalidInput, Misconfigured
from cartage.model.product import Value


class Profile(Value):
    """Hold where a Cartage is, and its token or the file that holds it."""

    url: str
    token: SecretStr = SecretStr("")
    token_file: Path | None = None

    def secret(self) -> str:
        """Give the token; raises `InvalidInput` where its file cannot be read."""
        return self.token.get_secret_value() if self.token_file is None else read_token(self.token_file)


def find_profile(path: Path, name: str) -> Profile:
    """Find a profile by its name; raises `InvalidInput` with those there are, `Misconfigured` for a broken file."""
    known = read_profiles(path)
    if name in known:
        return known[name]
    raise InvalidInput(f"There is no profile {name!r} in {path}; there are: {', '.join(sorted(known)) or 'none'}.")


def read_profiles(path: Path) -> dict[str, Profile]:
    """Read all profiles, by name; none where there is no file. Raises `Misconfigured` for a broken one."""
    path = path.expanduser()
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path} cannot be read: {error}.") from error
    return {name: _profile(path, name, table) for name, table in tables.items()}


def read_token(path: Path) -> str:
    """Read a file that holds a token and nothing else; raises `InvalidInput` where it cannot be read."""
    try:
        return path.expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidInput(f"{path} cannot be read: {reason}.") from error


def _profile(path: Path, name: str, table: object) -> Profile:
    try:
        return Profile.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join((name, *map(str, first["loc"])))
        raise Misconfigured(f"{path}: {place}: {first['msg']}.") from None
