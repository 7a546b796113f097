"""Endpoints by TLS: with a certificate that is trusted, and with one that is not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from llm.scripted import ScriptedEndpoint, Served, chat


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a self-signed certificate for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(pem) + private)
    return path


@pytest.fixture
def secure(certificate):
    """Return a function that starts an endpoint by TLS."""
    started = []

    def start(script):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        started.append(ScriptedEndpoint(script, context).__enter__())
        return started[-1]

    yield start
    for each in started:
        each.__exit__()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure, asker):
    server = secure(lambda call: Served(body=chat('{"label": "cat"}')))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema", secret="key", retries=0)
    assert reply.state == "failed"
    assert "certificate" in reply.problem.lower()
    assert not server.calls


def test_answers_come_by_tls_also_large_ones(secure, asker, certificate, monkeypatch):
    def trusting(**_kwargs):
        return ssl.create_default_context(cafile=str(certificate))

    monkeypatch.setattr(httpx2, "create_ssl_context", trusting)
    large = chat('{"label": "cat"}') | {"padding": "x" * 2_000_000}
    server = secure(lambda call: Served(body=large))
    replies = asker.ask(server.url, *["a cat"] * 20, adapter="schema", secret="key")
    assert [reply.value for reply in replies] == ["cat"] * 20
    assert server.calls[0].headers["authorization"] == "Bearer sk-very-secret"
    assert asker.ctx.lines == []
