"""Certificates for servers of tests, of an authority that is trusted for one test."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """Makes server contexts with a certificate for a host, by an authority that this machine trusts during the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = dt.datetime.now(dt.UTC)

    def signed(subject, public_key, *extensions):
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public_key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        builder = builder.not_valid_after(now + dt.timedelta(days=1))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(key, hashes.SHA256())

    def pem(certificate):
        return certificate.public_bytes(serialization.Encoding.PEM)

    usage = x509.KeyUsage(*[False] * 5, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    root = signed(
        name,
        key.public_key(),
        (x509.BasicConstraints(True, None), True),
        (usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    )
    (tmp_path / "root.pem").write_bytes(pem(root))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))

    def context(host):
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        try:
            named = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            named = x509.DNSName(host)
        certificate = signed(
            subject,
            own.public_key(),
            (x509.SubjectAlternativeName([named]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False),
        )
        private = own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = tmp_path / f"{host}.pem"
        path.write_bytes(private + pem(certificate))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(path)
        made.asked_for = []
        made.sni_callback = lambda socket, server, context: made.asked_for.append(server)
        return made

    return context
