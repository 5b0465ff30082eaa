"""The lessons: what the naive programs and ours say is what the pages show."""

import io
import os

import pytest

from interop_tests import lessons
from interop_tests.kinds import expected, kind_of
from interop_tests.lessons.drawing import SHOWS, draw, language_of
from interop_tests.lessons.pages import PROGRAMS, page_name, pages
from interop_tests.pictures import lines_of, unseen
from interop_tests.process import ROOT


@pytest.mark.parametrize('language', lessons.LANGUAGES)
@pytest.mark.parametrize('lesson', lessons.LESSONS)
def test_lesson(lesson, language, request):
    if language == 'c' and request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    assert lessons.play(lesson, language) == expected(lessons.transcripts(lesson), kind_of(language))


@pytest.mark.parametrize('lesson', lessons.LESSONS)
def test_ours_does_not_do_what_the_naive_program_does(lesson):
    """Where both say the same, nothing is shown."""
    for said in lessons.transcripts(lesson).values():
        assert said['naive'] != said['ours']


@pytest.mark.parametrize('name', sorted(pages()))
def test_page_is_up_to_date(name):
    with io.open(os.path.join(ROOT, name), encoding='utf-8') as page:
        assert page.read() == pages()[name], 'python -m interop_tests.lessons regenerates it'


@pytest.mark.parametrize('lesson', lessons.LESSONS)
def test_picture_shows_what_the_lesson_is_about(lesson):
    """Its lines are those of the programs: one that was changed since has to be drawn again."""
    picture = os.path.join(ROOT, 'docs/lessons', page_name(lesson) + '.svg')
    assert unseen(SHOWS[lesson], picture) == []
    suffix = '.c' if language_of(lesson) == 'c' else '.py'
    programs = [lessons.path_of(lesson, name + suffix) for name in PROGRAMS]
    found = lines_of(picture, [path for path in programs if os.path.exists(path)])
    assert found and [line for line in found if not line[2].startswith(line[1])] == []


@pytest.mark.parametrize('lesson', ['one_recv', 'partial_send'])
def test_drawing(lesson, tmp_path):
    """It refuses a picture that does not show what the lesson is about."""
    draw(lesson, str(tmp_path / 'picture.svg'))
