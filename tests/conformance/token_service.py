"""A token service as the distribution project's registry wants one: it signs what a user may do."""

from __future__ import annotations

import base64
import datetime
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

USER, PASSWORD = "reader", "a-password-of-the-test"


SERVICE = "conformance"


def self_signed(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """The certificate by which the registry knows the token service's signature."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "conformance")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )


@contextmanager
def token_service(key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> Iterator[str]:
    """Signs tokens: for the user whatever is asked for but `secret/…`, for nobody an empty one."""
    chain = [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]

    def token(scopes: list[str], user: str) -> str:
        parts = [scope.split(":") for scope in scopes]
        access = [
            {"type": kind, "name": name, "actions": actions.split(",")}
            for kind, name, actions in parts
            if user and not name.startswith("secret/")
        ]
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": "conformance",
            "sub": user,
            "aud": SERVICE,
            "jti": f"{now}",
            "access": access,
        }
        claims |= {"iat": now - 5, "nbf": now - 5, "exp": now + 60}
        return jwt.encode(claims, key, "RS256", headers={"x5c": chain})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
            pair = base64.b64decode(encoded).decode() if scheme == "Basic" else ""
            if pair and pair != f"{USER}:{PASSWORD}":
                self._send(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong"}]})
            else:
                self._send(200, {"token": token(query.get("scope", []), pair.partition(":")[0])})

        def _send(self, status: int, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
