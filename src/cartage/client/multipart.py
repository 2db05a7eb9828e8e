"""A form with files, written so that the same one is written alike: sending it again is safe by its key."""

import hashlib
from collections.abc import Mapping

MEDIA_TYPE = "multipart/form-data"
SAID_OTHERWISE = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def multipart(fields: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """Write a form with files by their names, and its content type (RFC 7578)."""
    parts = [_part(f'name="{name}"', value.encode()) for name, value in fields.items()]
    for name, content in files.items():
        parts.append(_part(f'name="files"; filename="{name.translate(SAID_OTHERWISE)}"', content))
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()
    line = f"--{boundary}\r\n".encode()
    form = b"".join(line + part for part in parts) + f"--{boundary}--\r\n".encode()
    return form, f"{MEDIA_TYPE}; boundary={boundary}"


def _part(named: str, content: bytes) -> bytes:
    return f"Content-Disposition: form-data; {named}\r\n\r\n".encode() + content + b"\r\n"
