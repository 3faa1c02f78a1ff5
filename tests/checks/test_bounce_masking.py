"""Secrets that people paste are masked, and errors that speak of passwords are not."""

from __future__ import annotations

import pytest

from checks.bounce import masked


@pytest.mark.parametrize(
    "text",
    [
        "AUTH PLAIN c3dvcmRmaXNo",
        "auth login c3dvcmRmaXNo",
        "S: 334 UGFzc3dvcmQ6\nC: c3dvcmRmaXNo",
        "334 UGFzc3dvcmQ6\r\nc3dvcmRmaXNo\r\n235 ok",
        "password: c3dvcmRmaXNo",
        "user=me pass=c3dvcmRmaXNo host=x",
        'smtp.login("me", password="c3dvcmRmaXNo")',
        "パスワード：c3dvcmRmaXNo",
        "Passwort: c3dvcmRmaXNo",
        "mot de passe : c3dvcmRmaXNo",
        "contraseña: c3dvcmRmaXNo",
        "Authorization: Bearer c3dvcmRmaXNo",
        "xoxb-12345-c3dvcmRmaXNo",
        "smtp://user:c3dvcmRmaXNo@mail.example.com",
        "api_key: c3dvcmRmaXNo",
    ],
)
def test_a_secret_is_masked(text: str) -> None:
    assert "c3dvcmRmaXNo" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "535 5.7.8 Invalid password: authentication failed",
        "Username and Password not accepted",
        "334 UGFzc3dvcmQ6",
        "550 5.1.1 <user@example.org>: User unknown",
        "password is incorrect",
        "see https://example.com/help?a=b",
    ],
)
def test_an_error_stays_as_it_is(text: str) -> None:
    assert masked(text) == text
