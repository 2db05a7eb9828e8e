"""Which certificates are trusted: the system's, whatever the environment says."""

import ssl
import sys
from functools import cache
from pathlib import Path

import truststore

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)


@cache
def trusted_context() -> ssl.SSLContext:
    """Give the context that this process's clients share: to read the certificates takes tens of milliseconds."""
    return make_context()


def make_context() -> ssl.SSLContext:
    """Make a client's TLS context (1.2 or later, names checked) that no environment variable changes."""
    if sys.platform in {"win32", "darwin"}:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    compiled_in = ssl.get_default_verify_paths().openssl_cafile
    bundle = next((path for path in (compiled_in, *BUNDLES) if Path(path).is_file()), None)
    if bundle:
        context.load_verify_locations(bundle)
    else:
        context.set_default_verify_paths()
    return context
