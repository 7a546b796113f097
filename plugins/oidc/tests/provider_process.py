"""An OpenID Connect provider, a process of its own, that can be told to misbehave.

It serves discovery, authorization, tokens and keys as a real one: codes work once and only with
their client, redirect URI and PKCE verifier. `POST /control` sets who signs in, and what is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kodkod", "s3cret:/with?signs"


class Provider:
    def __init__(self) -> None:
        self.issuer = ""
        self.key = self.new_key()
        self.codes: dict[str, dict] = {}
        self.claims: dict = {"sub": "1", "preferred_username": "ada"}
        self.wrong: dict = {}
        self.asked: list[str] = []

    @staticmethod
    def new_key() -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    def control(self, said: dict) -> None:
        self.claims = said.get("claims", self.claims)
        self.wrong = said.get("wrong", {})
        if said.get("rotate"):
            self.key = self.new_key()

    def id_token(self, nonce: str) -> str:
        time_now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": time_now,
            "exp": time_now + 300,
            "nonce": nonce,
            **self.claims,
            **self.wrong.get("claims", {}),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if "expired_for" in self.wrong:
            claims["exp"] = time_now - self.wrong["expired_for"]
        kind = self.wrong.get("signature")
        if kind == "none":
            parts = ({"alg": "none", "kid": self.key.kid}, claims)
            return ".".join([*(b64(json.dumps(part).encode()) for part in parts), ""])
        if kind == "hmac":  # The public key as a shared secret.
            parts = ({"alg": "HS256", "kid": self.key.kid}, claims)
            signed = ".".join(b64(json.dumps(part).encode()) for part in parts)
            public = self.key.as_pem(private=False)
            return f"{signed}.{b64(hmac.digest(public, signed.encode(), 'sha256'))}"
        key = self.new_key() if kind == "stranger" else self.key
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, key)
        if kind == "tampered":
            head, _, signature = token.split(".")
            claims["sub"] = "somebody-else"
            return ".".join([head, b64(json.dumps(claims).encode()), signature])
        return token


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


PROVIDER = Provider()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, said: object, **headers: str) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        PROVIDER.asked.append(url.path)
        if url.path == "/.well-known/openid-configuration":
            self.answer(
                200,
                {
                    "issuer": PROVIDER.wrong.get("discovered_issuer", PROVIDER.issuer),
                    "authorization_endpoint": f"{PROVIDER.issuer}/authorize",
                    "token_endpoint": f"{PROVIDER.issuer}/token",
                    "jwks_uri": PROVIDER.wrong.get("jwks_uri", f"{PROVIDER.issuer}/keys"),
                },
            )
        elif url.path == "/keys":
            self.answer(200, {"keys": [PROVIDER.key.as_dict(private=False)]})
        elif url.path == "/asked":
            self.answer(200, PROVIDER.asked)
        elif url.path == "/authorize":
            self.authorize({name: values[0] for name, values in parse_qs(url.query).items()})
        else:
            self.answer(404, {})

    def authorize(self, query: dict[str, str]) -> None:
        if query.get("client_id") != CLIENT or "openid" not in query.get("scope", "").split():
            self.answer(400, {"error": "invalid_request"})
            return
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            self.answer(400, {"error": "invalid_request"})
            return
        code = secrets.token_urlsafe(16)
        PROVIDER.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": PROVIDER.issuer}
        if "error" in PROVIDER.wrong:
            back = {"error": PROVIDER.wrong["error"], "state": query["state"]}
        self.answer(302, {}, Location=f"{query['redirect_uri']}?{urlencode(back)}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            PROVIDER.control(json.loads(body))
            self.answer(200, {})
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        given = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1]).decode()
        name, _, secret = given.partition(":")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            self.answer(401, {"error": "invalid_client"})
            return
        query = PROVIDER.codes.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            query is None
            or form.get("redirect_uri") != query["redirect_uri"]
            or challenge != query["code_challenge"]
        ):
            self.answer(400, {"error": "invalid_grant"})
            return
        token = PROVIDER.id_token(query["nonce"])
        self.answer(200, {"access_token": "-", "token_type": "Bearer", "id_token": token})


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    PROVIDER.issuer = f"http://127.0.0.1:{server.server_port}"
    print(PROVIDER.issuer, flush=True)
    server.serve_forever()
