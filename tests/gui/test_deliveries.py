"""Dictated texts are delivered in order, with the right spaces, without loss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.scripted_platform import EDITOR, TERMINAL, FakeTextInput, FakeTextSender
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from granite_live.desktop.text_input import DeliveryMethod
from granite_live.gui.background import Background
from granite_live.gui.dictation.deliveries import (
    KEPT,
    MAX_WAITING,
    DeliveryQueue,
    DeliveryStatus,
    DictatedText,
    DictatedTexts,
    spaced,
)


class Post:
    """The delivery queue with a fake worker."""

    def __init__(self, qtbot: QtBot, background: Background) -> None:
        self.qtbot = qtbot
        self.hands, self.carrier = FakeTextInput(), FakeTextSender()
        self.deliveries = DeliveryQueue(background)
        self.told: list[str] = []
        self.deliveries.message_posted.connect(self.told.append)

    def use(self) -> None:
        self.deliveries.set_services(self.hands, self.carrier)

    def say(self, *texts: str) -> None:
        for text in texts:
            self.deliveries.deliver(text)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.deliveries.is_waiting, timeout=20_000)

    def fates(self) -> list[DeliveryStatus]:
        return [one.status for one in self.deliveries.texts.visible(KEPT)]


@pytest.fixture
def post(qtbot: QtBot, background: Background) -> Post:
    return Post(qtbot, background)


def test_texts_go_out_in_order_with_spaces_between_them(post: Post) -> None:
    post.use()
    post.say("Good morning.", "It rains, Anna.", "Grüße \N{GRINNING FACE}")
    assert post.carrier.field == "Good morning. It rains, Anna. Grüße \N{GRINNING FACE}"
    assert post.fates() == [DeliveryStatus.DELIVERED] * 3


def test_one_waits_until_the_one_before_it_is_there(post: Post) -> None:
    post.carrier.is_slow = True
    post.use()
    for text in ("one", "two"):
        post.deliveries.deliver(text)
    post.qtbot.waitUntil(lambda: bool(post.carrier.asked))
    assert [what for _, what in post.carrier.asked] == ["one"]
    post.carrier.answer()
    post.qtbot.waitUntil(lambda: len(post.carrier.asked) == 2)
    post.carrier.answer()
    assert post.carrier.field == "one two"


def test_texts_wait_until_there_are_hands(post: Post) -> None:
    post.deliveries.deliver("early")
    assert post.deliveries.is_waiting
    post.use()
    post.settle()
    assert post.carrier.field == "early"


def test_another_window_begins_without_a_space(post: Post) -> None:
    post.use()
    post.say("in the editor")
    post.hands.place = TERMINAL
    post.say("elsewhere", "and on")
    assert [what for _, what in post.carrier.asked] == ["in the editor", "elsewhere", " and on"]


def test_what_fails_is_kept_with_its_reason_and_the_rest_goes_on(post: Post) -> None:
    post.use()
    post.carrier.refusal = "The window is gone."
    post.say("lost?")
    post.carrier.refusal = ""
    post.say("the next")
    failed, delivered = post.deliveries.texts.visible(5)
    assert (failed.text, failed.status, failed.note) == (
        "lost?",
        DeliveryStatus.FAILED,
        "The window is gone.",
    )
    assert delivered.status is DeliveryStatus.DELIVERED
    assert post.carrier.field == "the next"
    post.deliveries.dismiss(failed.number)
    assert [one.text for one in post.deliveries.texts.visible(5)] == ["the next"]


def test_what_was_only_copied_says_so_and_leaves_no_space_behind(post: Post) -> None:
    post.use()
    post.carrier.how = "No window has the focus: copied."
    post.say("first")
    post.carrier.how = ""
    post.say("second")
    first, _second = post.deliveries.texts.visible(5)
    assert (first.status, first.note) == (
        DeliveryStatus.IN_CLIPBOARD,
        "No window has the focus: copied.",
    )
    assert post.carrier.field == "second"


def test_copied_texts_of_one_go_are_one(post: Post) -> None:
    post.hands.methods = frozenset({DeliveryMethod.COPY})
    post.deliveries.set_way(DeliveryMethod.TYPE)
    post.use()
    assert post.carrier.way is DeliveryMethod.COPY
    post.deliveries.begin()
    post.say("One thing.", "Another.")
    assert post.carrier.clipboard == "One thing. Another."
    post.deliveries.begin()
    post.say("New.")
    assert post.carrier.clipboard == "New."


def test_the_way_is_what_is_wanted_where_there_is_it(post: Post) -> None:
    post.use()
    post.deliveries.set_way(DeliveryMethod.TYPE)
    assert post.carrier.way is DeliveryMethod.TYPE


def test_too_much_is_kept_and_counted(post: Post) -> None:
    for number in range(MAX_WAITING + KEPT + 3):
        post.deliveries.deliver(f"text {number}")
    entries = post.deliveries.texts
    kept = entries.visible(0)
    assert len(kept) == KEPT
    assert entries.forgotten == 3
    assert kept[-1].text == f"text {MAX_WAITING + KEPT + 2}"
    assert "Too many texts" in kept[-1].note


def test_delivered_texts_are_forgotten_before_those_that_were_not() -> None:
    entries = DictatedTexts()
    entries.add(DictatedText(0, "failed", status=DeliveryStatus.FAILED))
    for number in range(1, KEPT + 20):
        entries.add(DictatedText(number, "delivered", status=DeliveryStatus.DELIVERED))
    assert entries.find(0) is not None
    assert entries.forgotten == 0
    assert [one.number for one in entries.visible(2)] == [0, KEPT + 18, KEPT + 19]


# -- spoken commands -----------------------------------------------------------------------


@pytest.fixture
def editing(post: Post) -> Post:
    post.deliveries.understands_commands = True
    post.use()
    return post


def test_commands_are_words_unless_they_are_wanted(post: Post) -> None:
    post.use()
    post.say("new line")
    assert post.carrier.field == "new line"
    assert not post.told


def test_a_new_line_begins_without_a_space(editing: Post) -> None:
    editing.say("Dear Anna.", "New line.", "I am well.", "Neuer Absatz", "Bye")
    assert editing.carrier.field == "Dear Anna.\nI am well.\n\nBye"
    assert editing.told == ["New line", "New paragraph"]


def test_scratching_erases_the_last_text_and_its_space(editing: Post) -> None:
    editing.say("One.", "Two.", "Scratch that.", "Three.")
    assert editing.carrier.field == "One. Three."
    assert editing.fates() == [
        DeliveryStatus.DELIVERED,
        DeliveryStatus.SCRATCHED,
        DeliveryStatus.DELIVERED,
    ]
    assert editing.told == ["Scratched: Two."]
    editing.say("Streich das. Scratch that.")
    assert editing.carrier.field == ""
    editing.say("Again.")
    assert editing.carrier.field == "Again."


def test_what_was_not_delivered_is_scratched_without_a_key(editing: Post) -> None:
    editing.carrier.refusal = "The window is gone."
    editing.say("lost")
    editing.carrier.refusal = ""
    editing.say("scratch that")
    assert editing.fates() == [DeliveryStatus.SCRATCHED]
    assert len(editing.carrier.asked) == 1


def test_a_sentence_can_be_scratched_before_it_goes_out(editing: Post) -> None:
    editing.say("We go on Monday. Scratch that.")
    assert editing.carrier.asked == []
    assert editing.told == ["Discarded"]


@pytest.mark.parametrize("place", [TERMINAL, None, replace(EDITOR, title="Another tab")])
def test_nothing_is_erased_in_another_window(editing: Post, place: object) -> None:
    editing.say("stays")
    editing.hands.place = place  # type: ignore[assignment]
    editing.say("scratch that")
    assert editing.carrier.field == "stays"
    assert "another window has the focus" in editing.told[-1]


def test_a_title_that_marks_a_change_is_the_same(editing: Post) -> None:
    editing.say("goes")
    editing.hands.place = replace(EDITOR, title=f"*{EDITOR.title}")
    editing.say("scratch that")
    assert editing.carrier.field == ""


def test_what_editors_count_differently_is_not_erased(editing: Post) -> None:
    editing.say("family \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}", "scratch that")
    assert editing.carrier.field.startswith("family")
    assert "in different ways" in editing.told[-1]


def test_characters_are_delivered_composed_so_that_one_press_erases_one(editing: Post) -> None:
    editing.say("u\N{COMBINING DIAERESIS}ber", "scratch that")
    assert [what for _, what in editing.carrier.asked] == ["über", 4]


def test_a_refused_erasing_is_told_and_the_text_stays(editing: Post) -> None:
    editing.say("stays")
    editing.carrier.refusal = "The keyboard does not answer."
    editing.say("scratch that")
    assert editing.told[-1].endswith("The keyboard does not answer.")
    assert editing.fates() == [DeliveryStatus.DELIVERED]


def test_with_nothing_delivered_there_is_nothing_to_scratch(editing: Post) -> None:
    editing.say("scratch that")
    assert "no text was delivered yet" in editing.told[-1]


def test_copied_texts_are_scratched_from_the_clipboard(editing: Post) -> None:
    editing.deliveries.set_way(DeliveryMethod.COPY)
    editing.deliveries.begin()
    editing.say("One.", "Two.", "scratch that")
    assert editing.carrier.clipboard == "One."
    editing.say("scratch that")
    assert editing.carrier.clipboard == "One."
    assert "the clipboard contains nothing else" in editing.told[-1]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=6))
def test_spaces_never_double_and_never_stand_at_the_beginning(texts: list[str]) -> None:
    whole = ""
    for text in texts:
        piece = spaced(whole, text)
        assert piece.removeprefix(" ") == text.removeprefix(" ")
        if not whole or whole[-1].isspace():
            assert piece == text
        elif text[0].isalnum():
            assert piece == f" {text}"
        whole += piece
