from __future__ import annotations

import pytest

from audit.files import FileTooLarge, copy_files, keep_file, plain_name
from audit.models import InvocationFile
from audit.states import Happened

GIVEN, MADE = InvocationFile.Origin.GIVEN, InvocationFile.Origin.MADE


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def test_it_works(an_invocation, browser):
    invocation = an_invocation("noa")
    kept = keep_file(invocation, "tasks.csv", iter([b"a;", b"b"]), "text/csv", MADE)
    assert (kept.size, kept.path.read_bytes()) == (3, b"a;b")
    answer = browser("noa").get(kept.get_absolute_url())
    assert b"".join(answer.streaming_content) == b"a;b"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tasks.csv"'
    assert invocation.events.get().what == Happened.EXPORTED


def test_it_shows_pictures_and_never_pages(an_invocation, browser):
    invocation = an_invocation("noa")
    picture = keep_file(invocation, "a.png", b"\x89PNG", "image/png", MADE)
    page = keep_file(invocation, "a.html", b"<script>", "text/html", MADE)
    assert browser("noa").get(picture.get_absolute_url()).headers["Content-Type"] == "image/png"
    answer = browser("noa").get(page.get_absolute_url())
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_it_refuses_who_may_not_see_the_page(an_invocation, browser):
    kept = keep_file(an_invocation("noa"), "a.png", b"x", "image/png", MADE)
    assert browser("emile").get(kept.get_absolute_url()).status_code == 404
    assert browser().get(kept.get_absolute_url()).status_code == 404
    other = an_invocation("emile")
    assert (
        browser("emile").get(kept.get_absolute_url().replace(str(kept.invocation_id), str(other.pk))).status_code == 404
    )


def test_it_refuses_what_is_too_large_and_keeps_nothing_of_it(an_invocation, settings):
    settings.LARGEST_FILE = 1024
    with pytest.raises(FileTooLarge):
        keep_file(an_invocation(), "big", iter([b"x" * 1000] * 3), "", GIVEN)
    assert not InvocationFile.objects.exists()
    assert not [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]


def test_content_goes_with_the_invocation(an_invocation, settings):
    invocation = an_invocation()
    kept = keep_file(invocation, "a", b"x", "", GIVEN)
    invocation.delete()
    assert not kept.path.exists()
    assert not kept.path.parent.exists()


def test_what_was_given_is_copied_for_another_run(an_invocation):
    first, second = an_invocation(), an_invocation()
    given = keep_file(first, "a", b"x", "", GIVEN)
    keep_file(first, "b", b"y", "", MADE)
    copies = copy_files(first, second)
    assert [copy.path.read_bytes() for copy in second.files.all()] == [b"x"]
    first.delete()
    assert copies[str(given.pk)].path.read_bytes() == b"x"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.mov", "b.mov"),
        ("..", "file"),
        ("a\r\nb.csv", "ab.csv"),
        ('q"uo<te>.txt', "quote.txt"),
    ],
)
def test_names_are_made_plain(given, kept):
    assert plain_name(given) == kept
