"""A store over the network: the server proves its name, or nothing is said to it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jupyter_privguard.audit.stores.postgres import PostgresStore
from jupyter_privguard.audit.stores.tls import agreed
from jupyter_privguard.errors import InputError, LogUnavailable
from tests.contract.conftest import RING
from tests.postgres_server import PostgresServer


def certificate(folder: Path, name: str) -> None:
    """A key and a certificate for localhost that is its own authority, as ``name.key`` and ``name.pem``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / f"{name}.pem").write_bytes(made.public_bytes(pem))
    (folder / f"{name}.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / f"{name}.key").chmod(0o600)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server with TLS on a free port, and a database named log1."""
    made = PostgresServer()
    try:
        for name in ("server", "other"):
            certificate(made.place, name)
            made.give(made.place / f"{name}.key")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            made.port = free.getsockname()[1]
        files = [f"ssl_cert_file={made.place}/server.pem", f"ssl_key_file={made.place}/server.key"]
        made.start("listen_addresses=127.0.0.1", "ssl=on", *files)
        made.database()
        yield made
    finally:
        made.remove()


def url(server: PostgresServer, *, host: str = "localhost", root: str = "server", more: str = "") -> str:
    return f"postgresql://asha@{host}:{server.port}/log1?sslrootcert={server.place}/{root}.pem{more}"


def by_tls_alone(host: str, weakly: bool) -> bool:
    return host in ("localhost", "127.0.0.1") and not weakly


def test_a_server_that_proves_its_name_is_used(server: PostgresServer) -> None:
    with PostgresStore.open(url(server), may_reach=by_tls_alone) as store:
        assert store.standing(RING.origin, RING.vkey).size == 0
        with store.reading() as cursor:
            found = cursor.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
        secured = store.secured()

    assert found == (True,)
    assert (secured.endpoint, secured.protocol, secured.version) == ("localhost/log1", "postgresql", "TLSv1.3")
    assert secured.cipher and secured.cipher.startswith("TLS_")


@pytest.mark.parametrize("how", [{"root": "other"}, {"host": "127.0.0.1"}], ids=["authority", "name"])
def test_a_server_that_does_not_is_left(server: PostgresServer, how: dict[str, str]) -> None:
    with pytest.raises(LogUnavailable, match="cannot be used"):
        PostgresStore.open(url(server, **how), may_reach=by_tls_alone)


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_a_weaker_way_takes_the_policys_leave(server: PostgresServer, mode: str) -> None:
    weak = url(server, more=f"&sslmode={mode}")

    with pytest.raises(InputError, match="sslmode=verify-full"):
        PostgresStore.open(weak, may_reach=by_tls_alone)
    with PostgresStore.open(weak, may_reach=lambda *_: True) as store:
        assert store.name == "localhost/log1"


def test_the_environment_does_not_weaken_it(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    monkeypatch.setenv("PGSSLROOTCERT", f"{server.place}/server.pem")
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")

    with PostgresStore.open(url(server), may_reach=by_tls_alone) as store, store.reading() as cursor:
        found = cursor.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone()
    with pytest.raises(LogUnavailable):
        PostgresStore.open(f"postgresql://asha@localhost:{server.port}/log1", may_reach=by_tls_alone)

    assert found == (True,)


def test_what_is_agreed_on_is_told_and_nothing_where_the_name_is_not_proven(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusting.load_cert_chain(server.place / "server.pem", server.place / "server.key")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            for _ in range(2):
                with suppress(OSError):
                    trusting.wrap_socket(listening.accept()[0], server_side=True).close()

        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        unproven = agreed("localhost", port)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.place / "server.pem"))
        proven = agreed("localhost", port)
        answering.join(10)
        listening.close()
        gone = agreed("localhost", port)

    assert unproven == gone == (None, None)
    assert proven[0] == "TLSv1.3" and str(proven[1]).startswith("TLS_")
