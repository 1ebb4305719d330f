"""The doctor counts one try in the Redis, and says in plain words what is wrong with it."""

import socket
import subprocess
from pathlib import Path

import pytest

from app.doctor.findings import Mark, Patient
from app.doctor.limits import tries
from scripts.parts import free_ports
from tests.support.redises import PASSWORD, RedisServer
from tests.support.settings import settings_for


@pytest.fixture
def said(tmp_path: Path):
    def examine(limits: str) -> str:
        (found,) = tries(Patient(settings_for("sqlite://", tmp_path, LIMITS=limits)))
        assert (found.mark is Mark.MEND) == bool(found.remedy)
        assert PASSWORD not in str(found)
        assert "%20" not in str(found)
        return str(found)

    return examine


def test_one_that_is_well(redis: RedisServer, said) -> None:
    assert said(redis.address) == f"✓ limits: Redis at 127.0.0.1:{redis.port} counts for all processes together"
    assert f"✓ limits: Redis at {redis.socket} counts" in said(f"unix://:{redis.quoted}@{redis.socket}")


@pytest.mark.parametrize("wrong", ["", ":guessed@", "nobody:guessed@"])
def test_one_that_does_not_let_the_portal_in(redis: RedisServer, said, wrong: str) -> None:
    told = said(f"redis://{wrong}localhost:{redis.port}")
    assert "does not let the portal in" in told
    assert "mend the name and the password in LIMITS" in told


def test_one_without_the_database_that_is_named(redis: RedisServer, said) -> None:
    told = said(redis.address.removesuffix("/0") + "/99")
    assert "answers, but does not count" in told
    assert "lack that database" in told


def test_one_that_is_gone_or_silent(said) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (*free_ports(1), silent.getsockname()[1]):
            told = said(f"redis://localhost:{port}")
            assert "does not answer; meanwhile each process counts by itself" in told
            assert "systemctl start redis-server" in told


def test_one_by_tls_is_taken_if_its_certificate_is_trusted(redis: RedisServer, said, monkeypatch) -> None:
    certificate = _certificate(redis.folder)
    port = redis.restart_with_tls(certificate)
    address = f"rediss://:{redis.quoted}@localhost:{port}"
    assert "this machine must trust the certificate" in said(address)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert "✓ limits" in said(address)


def _certificate(folder: Path) -> Path:
    """With its key in one file."""
    file = folder / "certificate.pem"
    how = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    where = ["-keyout", str(file), "-out", str(folder / "only.pem"), "-subj", "/CN=localhost"]
    subprocess.run(
        ["openssl", *how, *where, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    file.write_text(file.read_text() + (folder / "only.pem").read_text())
    return file


def test_counting_in_memory_is_no_fault(tmp_path: Path) -> None:
    (found,) = tries(Patient(settings_for("sqlite://", tmp_path)))
    assert (found.mark, found.words) == (Mark.NOTE, "counted in memory, each process by itself")
