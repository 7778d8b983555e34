"""The list of sessions is sorted, filtered by date, and several sessions are exported."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from helpers.scripted_engine import ScriptedEngine, final
from helpers.window_driver import WindowDriver
from pypdf import PdfReader
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication

from granite_live.gui.sessions.arranging import DateRange, SortOrder, arranged
from granite_live.gui.sessions.batch_export import BatchExportDialog
from granite_live.gui.sessions.date_range_dialog import DateRangeDialog
from granite_live.library import Library, NewSession, SessionState, SourceKind
from granite_live.library.recorder import result_of_event
from granite_live.settings import Settings, save_settings

NOON = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
TITLES = ("Übung", "zebra", "Take 10", "take 9")


def store(title: str, days_ago: int, duration_s: float) -> int:
    with Library.open() as library:
        new = NewSession(
            (NOON - timedelta(days=days_ago)).astimezone(UTC), SourceKind.MICROPHONE, title=title
        )
        session_id = library.create_session(new)
        library.put_utterances(session_id, [result_of_event(final(1, 0.0, f"said in {title}"))])
        library.set_state(session_id, SessionState.FINISHED, duration_s)
    return session_id


@pytest.fixture
def stored() -> None:
    for (title, days), duration_s in zip(
        ((TITLES[0], 0), (TITLES[1], 3), (TITLES[2], 20), (TITLES[3], 400)),
        (30.0, 600.0, 5.0, 90.0),
        strict=True,
    ):
        store(title, days, duration_s)


@pytest.fixture
def listed(make_driver: Callable[[], WindowDriver], stored: None) -> WindowDriver:
    driver = make_driver()
    driver.until(lambda: driver.sidebar.model.rowCount() == len(TITLES))
    return driver


def titles(driver: WindowDriver) -> list[str]:
    model = driver.sidebar.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def choose(driver: WindowDriver, text: str) -> None:
    menu = driver.sidebar.arrange_menu
    next(one for one in menu.actions() if one.text() == text).trigger()


def test_sessions_are_sorted_by_date_title_and_length(listed: WindowDriver) -> None:
    assert titles(listed) == list(TITLES)
    choose(listed, "By title")
    assert titles(listed) == ["take 9", "Take 10", "Übung", "zebra"]
    choose(listed, "Longest first")
    assert titles(listed) == ["zebra", "take 9", "Übung", "Take 10"]
    choose(listed, "Newest first")
    assert titles(listed) == list(TITLES)


def test_the_order_is_remembered_and_the_days_are_not(
    make_driver: Callable[[], WindowDriver], listed: WindowDriver
) -> None:
    choose(listed, "By title")
    choose(listed, "Last 7 days")
    assert titles(listed) == ["Übung", "zebra"]
    listed.window.close()
    assert listed.end()
    again = make_driver()
    again.until(lambda: titles(again) == ["take 9", "Take 10", "Übung", "zebra"])


def test_a_filter_is_said_and_taken_back_with_one_click(listed: WindowDriver) -> None:
    sidebar = listed.sidebar
    assert not sidebar.arrangement.isVisible()
    choose(listed, "Last 7 days")
    listed.until(sidebar.arrangement.isVisible)
    assert sidebar.arrangement.text() == "Last 7 days"
    assert "Last 7 days" in sidebar.arrange_button.toolTip()
    sidebar.arrangement.click()
    assert titles(listed) == list(TITLES)
    assert not sidebar.arrangement.isVisible()


def test_days_without_sessions_are_told_apart_from_no_sessions(
    make_driver: Callable[[], WindowDriver],
) -> None:
    store("Long ago", 50, 10.0)
    driver = make_driver()
    driver.until(lambda: driver.sidebar.model.rowCount() == 1)
    choose(driver, "Today only")
    assert driver.sidebar.empty.text() == "No session of these days."
    driver.sidebar.search.setText("nowhere")
    driver.until(lambda: driver.sidebar.empty.text() == "Nothing found.")


def test_a_search_is_sorted_and_filtered_too(listed: WindowDriver) -> None:
    choose(listed, "By title")
    choose(listed, "Last 30 days")
    listed.sidebar.search.setText("take")
    listed.until(lambda: titles(listed) == ["Take 10"])


def test_the_days_of_a_period_end_today() -> None:
    with Library.open() as library:
        first = store("a week ago", 6, 1.0)
        store("eight days ago", 7, 1.0)
        sessions = library.sessions()
    today = date.today()
    kept = arranged(sessions, SortOrder.NEWEST, DateRange.ending(today, 7))
    assert [one.id for one in kept] == [first]


def range_dialog(driver: WindowDriver) -> DateRangeDialog:
    choose(driver, "From … to …")
    found = driver.window.findChildren(DateRangeDialog)
    driver.until(lambda: found[-1].isVisible())
    return found[-1]


def days_ago(days: int) -> QDate:
    day = (NOON - timedelta(days=days)).date()
    return QDate(day.year, day.month, day.day)


def test_the_sessions_of_a_chosen_range_of_days_are_listed(listed: WindowDriver) -> None:
    sidebar = listed.sidebar
    dialog = range_dialog(listed)
    dialog.first.setDate(days_ago(20))
    dialog.last.setDate(days_ago(3))
    dialog.show_button.click()
    assert titles(listed) == ["zebra", "Take 10"]
    listed.until(sidebar.arrangement.isVisible)
    # The next time the dialog begins with this range; without a choice everything stays.
    dialog = range_dialog(listed)
    assert (dialog.first.date(), dialog.last.date()) == (days_ago(20), days_ago(3))
    dialog.cancel_button.click()
    assert titles(listed) == ["zebra", "Take 10"]
    sidebar.arrangement.click()
    assert titles(listed) == list(TITLES)


def test_a_chosen_range_cannot_end_before_it_begins_or_after_today(listed: WindowDriver) -> None:
    choose(listed, "Last 7 days")
    dialog = range_dialog(listed)
    assert (dialog.first.date(), dialog.last.date()) == (days_ago(6), days_ago(0))
    dialog.last.setDate(days_ago(5))
    dialog.first.setDate(days_ago(1))
    assert dialog.last.date() == days_ago(1)
    dialog.last.setDate(days_ago(-3))
    assert dialog.last.date() == days_ago(0)
    dialog.cancel_button.click()
    # A canceled choice leaves the period on show chosen.
    assert titles(listed) == ["Übung", "zebra"]
    assert listed.sidebar.arrangement.text() == "Last 7 days"


def batch_dialog(driver: WindowDriver) -> BatchExportDialog:
    def found() -> list[BatchExportDialog]:
        windows = QApplication.topLevelWidgets()
        return [one for one in windows if isinstance(one, BatchExportDialog) and one.isVisible()]

    driver.until(found)
    return found()[0]


def test_selected_sessions_are_exported_into_a_folder(listed: WindowDriver, tmp_path: Path) -> None:
    view = listed.sidebar.view
    view.selectAll()
    menu = listed.sidebar.menu_of_several(view.selected_sessions())
    next(one for one in menu.actions() if one.text() == "Export 4 sessions…").trigger()
    dialog = batch_dialog(listed)
    dialog.formats.setCurrentIndex(dialog.formats.findData("md"))
    dialog.folder.setText(str(tmp_path / "nowhere"))
    dialog.save_button.click()
    assert "nowhere" in dialog.problem.text()
    dialog.folder.setText(str(tmp_path))
    dialog.save_button.click()
    listed.until(lambda: listed.page.notices.isVisible())
    assert listed.page.notices.text.text() == f"Files saved in {tmp_path}: 4."
    assert sorted(path.name for path in tmp_path.glob("*.md")) == sorted(
        f"{title}.md" for title in TITLES
    )


def test_what_cannot_be_saved_is_said_in_the_dialog(
    listed: WindowDriver, tmp_path: Path, engine: ScriptedEngine
) -> None:
    sessions = listed.sidebar.view.model()
    assert sessions.rowCount() == len(TITLES)
    listed.sidebar.view.selectAll()
    chosen = listed.sidebar.view.selected_sessions()
    with Library.open() as library:
        library.delete_session(chosen[0].id)
    listed.sidebar.batch_export_requested.emit(chosen)
    dialog = batch_dialog(listed)
    dialog.folder.setText(str(tmp_path))
    dialog.save_button.click()
    listed.until(dialog.problem.isVisible)
    assert "Not saved: 1." in dialog.progress.text()
    assert dialog.isVisible()
    dialog.cancel_button.click()
    listed.until(lambda: not QApplication.activeModalWidget())


def open_batch(driver: WindowDriver) -> BatchExportDialog:
    driver.until(lambda: driver.sidebar.model.rowCount() == 1)
    driver.sidebar.view.selectAll()
    driver.sidebar.batch_export_requested.emit(driver.sidebar.view.selected_sessions())
    return batch_dialog(driver)


def saved(driver: WindowDriver, dialog: BatchExportDialog, folder: Path, form: str) -> bytes:
    dialog.formats.setCurrentIndex(dialog.formats.findData(form))
    dialog.folder.setText(str(folder))
    dialog.save_button.click()
    driver.until(driver.page.notices.isVisible)
    (path,) = folder.glob(f"*.{form}")
    return path.read_bytes()


def test_several_sessions_keep_the_chosen_rules_for_subtitles(
    make_driver: Callable[[], WindowDriver], tmp_path: Path
) -> None:
    save_settings(Settings(subtitle_rules="phone"))
    store("a title of more than twenty-five characters", 0, 5.0)
    driver = make_driver()
    dialog = open_batch(driver)
    dialog.formats.setCurrentIndex(dialog.formats.findData("srt"))
    assert dialog.rules.currentData() == "phone"
    assert dialog.rules.isEnabled()
    dialog.formats.setCurrentIndex(dialog.formats.findData("txt"))
    assert not dialog.rules.isEnabled()
    lines = saved(driver, dialog, tmp_path, "srt").decode("utf-8").splitlines()
    assert max(map(len, lines)) <= max(25, len("00:00:00,000 --> 00:00:00,000"))
    assert "said in a title of more" in lines


def test_the_sides_of_several_meetings_are_named_in_the_windows_language(
    make_driver: Callable[[], WindowDriver], tmp_path: Path
) -> None:
    save_settings(Settings(language="de"))
    with Library.open() as library:
        new = NewSession(NOON.astimezone(UTC), SourceKind.MEETING, title="Treffen")
        session_id = library.create_session(new)
        said = (final(1, 0.0, "hello"), replace(final(2, 5.0, "hello there"), track=1))
        library.put_utterances(session_id, map(result_of_event, said))
        library.set_state(session_id, SessionState.FINISHED, 9.0)
    driver = make_driver()
    content = saved(driver, open_batch(driver), tmp_path, "pdf")
    (page,) = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text().split())
    assert "Ich: hello" in text
    assert "Andere: hello there" in text
    assert "0:09 Ton, transkribiert von Granite Live." in text
    assert driver.end()
