"""The meaning of `transcribe`'s arguments: files, folders, patterns, standard input."""

from __future__ import annotations

from pathlib import Path

from helpers.transcribe_runs import recording, run

from granite_live.cli.recordings import Recording, find_recordings


def names(*arguments: Path | str, recursive: bool = False) -> list[str]:
    found = find_recordings(arguments, recursive=recursive)
    assert found.problems == ()
    return [one.path.name for one in found.recordings]


def make_files(folder: Path, *files: str) -> Path:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_means_its_media_files_in_order(tmp_path: Path) -> None:
    files = ("b.MP3", "a.wav", "notes.txt", ".hidden.wav", "c.tar.flac", "below/d.opus", ".x/e.wav")
    folder = make_files(tmp_path, *files)
    assert names(folder) == ["a.wav", "b.MP3", "c.tar.flac"]
    assert names(folder, recursive=True) == ["a.wav", "b.MP3", "c.tar.flac", "d.opus"]
    assert names(folder / "notes.txt", folder) == ["notes.txt", "a.wav", "b.MP3", "c.tar.flac"]


def test_a_file_is_taken_once(tmp_path: Path) -> None:
    folder = make_files(tmp_path, "a.wav", "b.wav")
    (folder / "same.wav").symlink_to("b.wav")
    assert names(folder / "b.wav", folder, folder / "a.wav") == ["b.wav", "a.wav"]


def test_a_folder_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    folder = make_files(tmp_path, "a.wav", "below/b.wav")
    (folder / "below" / "again").symlink_to(folder)
    assert names(folder, recursive=True) == ["a.wav", "b.wav"]


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    make_files(tmp_path, "notes.txt", "below/a.wav")
    (problem,) = find_recordings([tmp_path]).problems
    assert problem == (
        f"The folder '{tmp_path}' holds no audio or video files; use --recursive to search "
        f"the folders below it, too."
    )


def test_an_address_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = run("https://example.org/talk.mp3?a=1", recording(tmp_path / "a.wav"))
    assert (done.code, done.out) == (1, "part 1\n")
    assert done.err.splitlines()[0] == (
        "error: 'https://example.org/talk.mp3?a=1' is an address, and recordings are never "
        "downloaded: download the file and give its path."
    )
    assert run("rtsp://camera/1").code == 2


def test_an_empty_name_is_told() -> None:
    done = run("")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "name is empty" in done.err


def test_a_file_named_like_standard_input_is_a_file(tmp_path: Path) -> None:
    (found,) = find_recordings(["-"]).recordings
    assert found == Recording.from_standard_input()
    assert (str(found), found.stem) == ("standard input", "stdin")
    (found,) = find_recordings(["./-"]).recordings
    assert not found.is_standard_input


def test_a_name_too_long_for_any_file_is_told(tmp_path: Path) -> None:
    done = run(tmp_path / ("x" * 300), tmp_path / ("y/" * 3000))
    assert done.code == 2
    assert done.err.count("error: ") == done.err.count("\n") == 2


def test_a_folder_and_its_results_keep_the_folder_names_apart(tmp_path: Path) -> None:
    """Two recordings of one name in different folders get two results."""
    for folder in ("mon", "tue"):
        recording(tmp_path / "in" / folder / "talk.wav")
    done = run(tmp_path / "in", recursive=True, output_dir=tmp_path / "out")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["talk-2.txt", "talk.txt"]
