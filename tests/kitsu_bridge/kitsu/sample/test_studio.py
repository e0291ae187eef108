from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kitsu_bridge.kitsu.errors import KitsuBroken, KitsuRefuses, KitsuUnreachable, SignInRefused, TokenRejected
from kitsu_bridge.kitsu.sample import SampleStudio

NOA = "noa@sample.studio"


def test_it_works(made):
    assert (made.url, made.is_sample) == ("sample:", True)
    for row in made.people():
        assert made.session(made.log_in(row["email"], "any")).whoami()["id"] == row["id"]


def test_it_is_made_when_it_is_first_looked_at(made):
    assert made._tables is None
    made.bot().projects()
    assert made._tables is not None


def test_it_knows_a_token_that_another_process_gave(made):
    assert SampleStudio().session(made.log_in(NOA, "any")).whoami()["email"] == NOA


@pytest.mark.parametrize("email", ["former@sample.studio", "bridge@sample.studio", "nobody@sample.studio", ""])
def test_it_lets_nobody_in_who_left_or_is_a_bot_or_unknown(made, email):
    with pytest.raises(SignInRefused):
        made.log_in(email, "any")


def test_it_wants_some_password(made):
    with pytest.raises(SignInRefused):
        made.log_in(NOA, "")


@pytest.mark.parametrize("changed", [
    lambda token, other: token + "0",
    lambda token, other: token.replace("sample-", "sample-0"),
    lambda token, other: ".".join([token.split(".")[0], other, token.split(".")[2]]),
    lambda token, other: token.rsplit(".", 1)[0] + ".",
    lambda token, other: token.rsplit(".", 1)[0] + ".é🦊",
    lambda token, other: "\udc80.\x00.é",
], ids=["longer", "other part", "other person", "no seal", "not ASCII", "no text at all"])  # fmt: skip
def test_it_rejects_a_token_that_somebody_changed(made, changed):
    admin = next(row["id"] for row in made.people() if row["role"] == "admin")
    with pytest.raises(TokenRejected):
        made.session(changed(made.log_in(NOA, "any"), admin)).whoami()


@pytest.mark.parametrize("trouble", [KitsuUnreachable(), KitsuBroken("500")], ids=["down", "broken"])
def test_it_fails_on_purpose_and_recovers(made, trouble):
    token = made.log_in(NOA, "any")
    session = made.session(token)
    made.trouble = trouble
    for ask in (made.version, session.whoami, session.projects, made.bot().task_types,
                lambda: made.log_in(NOA, "any"), lambda: made.log_out(token)):  # fmt: skip
        with pytest.raises(type(trouble)):
            ask()
    made.trouble = None
    assert session.whoami()["email"] == NOA


def test_what_is_done_to_its_rows_does_not_reach_it(made):
    bot = made.bot()
    task = next(row for row in made.tables.tasks.values() if row["assignees"])
    before = bot.tasks([task["id"]])[0]
    theirs = bot.tasks([task["id"]])[0]
    theirs["assignees"].clear()
    theirs["name"] = "changed"
    bot.whoami()["role"] = "vendor"
    assert bot.tasks([task["id"]]) == [before]
    assert bot.whoami()["role"] == "admin"


def test_it_spoils_the_whole_list_for_one_id_that_is_none(made):
    with pytest.raises(KitsuRefuses):
        made.bot().tasks([*made.tables.tasks, "all"])


def test_its_lists_do_not_follow_the_order_of_the_request(made):
    ids = list(made.tables.tasks)[:20]
    assert made.bot().tasks(ids[::-1]) == made.bot().tasks(ids)


def test_it_holds_when_many_write_and_read_at_once(made):
    admin = made.session(made.log_in("ada@sample.studio", "any"))

    def work(number):
        row = admin.create_custom_action({"name": f"Action {number}", "url": "", "entity_type": "all"})
        admin.update_custom_action(row["id"], {"url": f"https://bridge.example/run/{number}/"})
        names = {one["name"] for one in admin.custom_actions()}
        if number % 2:
            admin.delete_custom_action(row["id"])
        return row["id"], f"Action {number}" in names

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(work, range(120)))
    assert all(seen for _, seen in done)
    left = {row["id"]: row["url"] for row in admin.custom_actions()}
    assert {one for one, _ in done if one in left} == {one for one, _ in done[::2]}
    assert all(
        left[one] == f"https://bridge.example/run/{number}/" for number, (one, _) in enumerate(done) if one in left
    )


def test_many_who_look_first_get_the_same_studio(made):
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: id(made.tables), range(64)))
    assert len(set(found)) == 1
