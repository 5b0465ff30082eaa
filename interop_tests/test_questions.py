"""The questions: the programs show what the answers say, in the pictures of the page and in every run."""

import io
import os
import sys

import pytest

from interop_tests.pictures import lines_of, unseen
from interop_tests.process import ROOT
from interop_tests.questions import QUESTIONS
from interop_tests.questions.drawing import draw, picture, programs
from interop_tests.questions.pages import NAME, pages

EACH = pytest.mark.parametrize('question', QUESTIONS, ids=[question.name for question in QUESTIONS])


def test_page_is_up_to_date():
    with io.open(os.path.join(ROOT, NAME), encoding='utf-8') as page:
        assert page.read() == pages()[NAME], 'python -m interop_tests.questions regenerates it'


def test_there_is_a_picture_for_each_question_and_no_other():
    assert sorted(os.listdir(os.path.join(ROOT, 'docs/questions'))) == sorted(
        os.path.basename(picture(question)) for question in QUESTIONS)


@EACH
def test_picture_shows_what_the_answer_says(question):
    assert unseen(question.shows, os.path.join(ROOT, picture(question))) == []


@EACH
def test_lines_of_the_picture_are_those_of_the_programs(question):
    """A program that was changed since has to be drawn again."""
    found = lines_of(os.path.join(ROOT, picture(question)), programs(question))
    assert found and [line for line in found if not line[2].startswith(line[1])] == []


@pytest.mark.skipif(sys.version_info < (3, 6), reason='the programs name exceptions that Python 2 does not have')
@EACH
def test_programs_show_it_in_every_run(question, tmp_path):
    draw(question, str(tmp_path / 'picture.svg'))
