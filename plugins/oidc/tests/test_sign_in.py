"""Sign-in at a real provider process, and every way in which its answer may be wrong."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest


async def test_somebody_signs_in_and_gets_an_account(idp, browser):
    # given a public list of the ways, with the one that begins elsewhere
    ways = (await browser.http.get("/api/v1/auth/ways")).json()
    assert [(way["name"], way["begin"]) for way in ways] == [
        ("password", None),
        ("oidc", "/auth/oidc/begin"),
    ]
    # when somebody goes there and back
    came = await browser.go("/projects/letters?x=1")
    assert came.to == "/projects/letters?x=1"
    answer = await browser.exchange(came.said["code"])
    # then there is a session for an account of that name
    assert answer.status_code == 200
    assert answer.json()["username"] == "ada"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await browser.me(headers)).json()
    assert (me["username"], me["role"]) == ("ada", "annotator")
    # that says how it began
    (session,) = (await browser.http.get("/api/v1/auth/sessions", headers=headers)).json()["items"]
    assert (session["way"], session["address"]) == ("oidc", "203.0.113.7")
    # and the next sign-in is the same account, whatever its name and address are by then
    idp.says(claims={"sub": "1", "preferred_username": "lovelace", "email": "x@example.org"})
    assert (await browser.me(await browser.sign_in())).json()["username"] == "ada"


async def test_the_question_is_asked_as_the_standards_say(browser):
    url = urlsplit(await browser.begin())
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://kodkod.test/auth/oidc/return"
    assert len(asked["state"]) >= 43
    assert len(asked["nonce"]) >= 43
    (cookie,) = browser.http.cookies.jar
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    # and no secret of the server's is in the address
    assert not {"code_verifier", "client_secret"} & set(asked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": ["kodkod", "another-client"]}},
        {"claims": {"azp": "another-client"}},
        {"claims": {"iss": "https://another.example.org"}},
        {"claims": {"iss": None}},
        {"claims": {"sub": None}},
        {"claims": {"sub": ""}},
        {"claims": {"exp": None}},
        {"expired_for": 60},
        {"claims": {"iat": 4_000_000_000}},
        {"signature": "none"},
        {"signature": "hmac"},
        {"signature": "stranger"},
        {"signature": "tampered"},
        {"error": "access_denied"},
    ],
    ids=str,
)
async def test_an_answer_that_does_not_hold_lets_nobody_in(idp, browser, wrong):
    idp.says(wrong=wrong)
    came = await browser.go()
    assert came.said == {"refused": "unproven"}
    # and nobody was made an account
    headers = await browser.by_password("chief")
    users = (await browser.http.get("/api/v1/users", headers=headers)).json()["items"]
    assert "ada" not in {user["username"] for user in users}


async def test_clocks_may_be_apart_by_a_little(idp, browser):
    idp.says(wrong={"expired_for": 1})
    assert "code" in (await browser.go()).said


async def test_keys_that_change_are_asked_for_again(idp, browser):
    await browser.sign_in()
    before = idp.asked().count("/keys")
    # given a provider that signs with a new key
    idp.says(rotate=True)
    await browser.sign_in()
    assert idp.asked().count("/keys") == before + 1
    # then the next sign-in asks for neither keys nor addresses
    asked = idp.asked()
    await browser.sign_in()
    assert [path for path in idp.asked()[len(asked) :] if path != "/asked"] == ["/authorize"]


def with_query(url: str, **changes: str) -> str:
    place = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(place.query).items()} | changes
    return place._replace(query=urlencode(query)).geturl()


async def test_a_wrong_state_is_refused(browser):
    back = await browser.visit_provider(await browser.begin())
    came = await browser.come_back(with_query(back, state="x" * 43))
    assert came.said == {"refused": "expired"}


async def test_an_answer_works_once(browser):
    back = await browser.visit_provider(await browser.begin())
    first = await browser.come_back(back)
    assert "code" in first.said
    assert (await browser.come_back(back)).said == {"refused": "expired"}


async def test_a_code_of_the_provider_works_once(browser):
    # given a code that was used, and a new sign-in of the same browser
    used = parse_qs(urlsplit(await browser.visit_provider(await browser.begin())).query)
    back = await browser.visit_provider(await browser.begin())
    # when one answer has the other's code, then its verifier does not fit
    came = await browser.come_back(with_query(back, code=used["code"][0]))
    assert came.said == {"refused": "unproven"}


async def test_an_answer_of_another_provider_is_refused(browser):
    back = await browser.visit_provider(await browser.begin())
    came = await browser.come_back(with_query(back, iss="https://another.example.org"))
    assert came.said == {"refused": "unproven"}


async def test_nobody_is_signed_in_as_somebody_else_by_a_link(browser, other):
    # given an attacker who begins, signs in, and sends the victim the address to come back to
    back = await other.visit_provider(await other.begin())
    # then it works in the victim's browser neither before the victim begins nor after
    assert (await browser.come_back(back)).said == {"refused": "expired"}
    back = await other.visit_provider(await other.begin())
    await browser.begin()
    assert (await browser.come_back(back)).said == {"refused": "expired"}


async def test_a_code_is_of_one_browser_and_works_once(browser, other):
    came = await browser.go()
    await other.begin()
    assert (await other.exchange(came.said["code"])).status_code == 401
    # then whoever showed it elsewhere has used it up
    assert (await browser.exchange(came.said["code"])).status_code == 401
    came = await browser.go()
    assert (await browser.exchange(came.said["code"])).status_code == 200
    assert (await browser.exchange(came.said["code"])).status_code == 401


async def test_a_code_ends_after_a_minute(browser, app):
    from datetime import timedelta

    from kodkod.store.database import now

    came = await browser.go()
    app.state.services.redirects._clock = lambda: now() + timedelta(seconds=61)
    assert (await browser.exchange(came.said["code"])).status_code == 401


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
async def test_the_end_of_a_sign_in_is_here(browser, to):
    assert (await browser.go(to)).to == "/"


async def test_each_sign_in_has_a_token_of_its_own(browser):
    # given a browser that has a session, and sends it along
    first = await browser.sign_in()
    browser.http.headers.update(first)
    second = await browser.sign_in()
    # then the new one is new (no session can be given to somebody beforehand)
    assert first != second


async def test_a_provider_that_is_another_is_not_used(idp, browser):
    idp.says(wrong={"discovered_issuer": "https://another.example.org"})
    answer = await browser.http.get("/auth/oidc/begin")
    assert answer.headers["location"].endswith("#refused=unavailable")


async def test_keys_are_not_asked_for_elsewhere_in_the_clear(idp, browser):
    idp.says(wrong={"jwks_uri": "file:///etc/passwd"})
    answer = await browser.http.get("/auth/oidc/begin")
    assert answer.headers["location"].endswith("#refused=unavailable")


async def test_a_way_that_is_not_named_is_not_there(idp, tmp_path, registry):
    import httpx

    from kodkod.settings import Settings
    from kodkod.web.app import create_app

    app = create_app(Settings(data_dir=tmp_path / "other"), registry=registry)
    transport = httpx.ASGITransport(app)
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        ways = (await http.get("/api/v1/auth/ways")).json()
        assert [way["name"] for way in ways] == ["password"]
        assert (await http.get("/auth/oidc/begin")).status_code == 404
        assert (await http.get("/auth/oidc/return?state=x")).status_code == 404
