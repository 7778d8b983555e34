"""Any file gives blocks or an `AudioError`, and what is missing is reported."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.sine_recordings import encode, sine, write_wav
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000
# Some hostile headers make much audio of little data: no test needs all of it.
ENOUGH_SAMPLES = 20_000_000


def outcome(path: Path) -> tuple[int, tuple[str, ...]] | AudioError:
    """Return the samples and warnings, or the error; check the common properties."""
    try:
        return _length_and_warnings(path)
    except AudioError as error:
        found = error
    assert str(found).isprintable()
    assert str(path) in str(found)
    return found


def _length_and_warnings(path: Path) -> tuple[int, tuple[str, ...]]:
    with open_audio(path) as audio:
        total = 0
        for block in audio.blocks(RATE_HZ):
            assert block.dtype == np.float32
            assert np.isfinite(block).all()
            total += len(block)
            if total > ENOUGH_SAMPLES:
                break
        return total, audio.warnings


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(
        AudioError, match=sentence(RecordingMessage.NOT_FOUND, advice=RecordingMessage.CHECK_PATH())
    ):
        open_audio(tmp_path / "none.wav")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is a folder"):
        open_audio(tmp_path)


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(AudioError, match=sentence(RecordingMessage.EMPTY)):
        open_audio(tmp_path / "a.wav")


def test_file_as_folder_and_names_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    for name in ("a.wav/b.wav", "x" * 300, "nul\0byte.wav"):
        with pytest.raises(AudioError):
            open_audio(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(AudioError, match=sentence(RecordingMessage.NOT_ORDINARY_FILE)):
        open_audio(tmp_path / "pipe.wav")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the error is simulated."""
    path = write_wav(tmp_path / "a.wav", np.zeros(100, dtype=np.int16))

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match=sentence(RecordingMessage.NO_READ_PERMISSION)):
        open_audio(path)


@pytest.mark.parametrize(
    "address",
    ["http://localhost/a.mp3", "concat:a.wav|b.wav", "file:a.wav", "pipe:0", "rtsp://h/a"],
)
def test_addresses_are_only_paths(address: str) -> None:
    with pytest.raises(AudioError, match=sentence(RecordingMessage.NOT_FOUND)):
        open_audio(address)


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{0}\n#EXTINF:9,\nhttp://localhost/x.ts\n"
LISTS = {
    "hls.m3u8": HLS + "#EXT-X-ENDLIST\n",
    "hls.wav": HLS,
    "marked.m3u8": "\ufeff" + HLS,
    "list.m3u": "#EXTM3U\n#EXTINF:10,\n{0}\n",
    "list.ffconcat": "ffconcat version 1.0\nfile {0}\n",
    "list.pls": "[playlist]\nFile1={0}\n",
    "call.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_other_files_are_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = encode(tmp_path / "target.ts", "aac", 44_100)
    (tmp_path / name).write_text(LISTS[name].format(target.name), encoding="utf-8")
    with pytest.raises(AudioError, match=sentence(RecordingMessage.PLAYLIST)):
        open_audio(tmp_path / name)


def test_a_list_that_hides_its_first_line_opens_nothing(tmp_path: Path) -> None:
    """FFmpeg cannot open a second file, whatever the format."""
    target = encode(tmp_path / "target.ts", "aac", 44_100)
    for name in ("hls.m3u8", "list.ffconcat"):
        text = "\x0b\x0c" + LISTS[name].format(target)
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert isinstance(outcome(tmp_path / name), AudioError)


def test_ffmpeg_gets_no_second_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second protection, after the check of the first line."""
    monkeypatch.setattr("granite_live.audio.opening._PLAYLIST_STARTS", (b"never",))
    target = encode(tmp_path / "target.ts", "aac", 44_100)
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text.format(target), encoding="utf-8")
        assert isinstance(outcome(tmp_path / name), AudioError), name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        *((name, RecordingMessage.UNKNOWN_FORMAT) for name in ("text.mp3", "text.wav")),
        ("text.txt", RecordingMessage.NOT_MEDIA),
        *((name, RecordingMessage.UNKNOWN_FORMAT) for name in ("text.mp4", "text")),
    ],
)
def test_text_is_no_recording(tmp_path: Path, name: str, message: RecordingMessage) -> None:
    (tmp_path / name).write_text("This is a letter, not a recording.\n" * 100, encoding="utf-8")
    with pytest.raises(AudioError, match=sentence(message)):
        open_audio(tmp_path / name)


def test_video_without_sound(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", "flac", RATE_HZ, video=True)
    silent = tmp_path / "silent.mp4"
    with av.open(path) as source, av.open(silent, "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    with pytest.raises(AudioError, match=sentence(RecordingMessage.NO_AUDIO_TRACK)):
        open_audio(silent)


def test_mp4_without_its_index(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "aac", 44_100)
    path.write_bytes(path.read_bytes()[:10_000])
    with pytest.raises(AudioError, match=sentence(RecordingMessage.MP4_INDEX_MISSING)):
        open_audio(path)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.wav", "pcm_s16le"),
        ("a.flac", "flac"),
        ("a.mp3", "libmp3lame"),
        ("a.opus", "libopus"),
        ("a.mka", "flac"),
        ("a.aiff", "pcm_s16be"),
    ],
)
def test_cut_off_file_gives_its_good_part_and_says_so(
    tmp_path: Path, name: str, codec: str
) -> None:
    path = encode(tmp_path / name, codec, 48_000, seconds=4.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    found = outcome(path)
    assert not isinstance(found, AudioError)
    samples, warnings = found
    assert 1.6 * RATE_HZ < samples < 3.2 * RATE_HZ
    assert any(
        shows(warning, RecordingMessage.CUT_OFF) or "beyond" in warning for warning in warnings
    ), warnings


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.flac", "flac")]
)
def test_damage_in_the_middle_keeps_the_rest_in_its_place(
    tmp_path: Path, name: str, codec: str
) -> None:
    sound = np.zeros(4 * 48_000, dtype=np.float32)
    sound[3 * 48_000 :] = sine(1.0, 48_000)
    path = encode(tmp_path / name, codec, 48_000, samples=sound + 1e-3)
    if name == "a.m4a":  # silence is a few bytes; only the sine can be damaged
        path = encode(tmp_path / name, codec, 48_000, samples=sine(4.0, 48_000))
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half : half + 400] = b"\xa5" * 400
    path.write_bytes(data)
    found = outcome(path)
    assert not isinstance(found, AudioError)
    assert found[0] == pytest.approx(4.0 * RATE_HZ, abs=0.2 * RATE_HZ)
    if name != "a.flac":  # FLAC's lost block is shorter than a reported gap
        assert any("damaged" in warning for warning in found[1]), found


@pytest.mark.parametrize("declared", [0, 2, 0x7FFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FF00, 64_000 * 1000])
def test_declared_wav_lengths_are_not_believed(tmp_path: Path, declared: int) -> None:
    path = write_wav(tmp_path / "a.wav", np.ones(32_000, dtype=np.int16))
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", declared)
    path.write_bytes(data)
    found = outcome(path)
    assert not isinstance(found, AudioError)
    assert found[0] == 32_000
    # Programs that write to a pipe leave 0 or nearly -1: nothing is missing.
    assert bool(found[1]) == (declared == 64_000 * 1000)


@pytest.mark.parametrize("rate_hz", [0, 1, 999, 2_000_000, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_impossible_sample_rates(tmp_path: Path, rate_hz: int) -> None:
    path = write_wav(tmp_path / "a.wav", np.ones(3_000, dtype=np.int16))
    data = bytearray(path.read_bytes())
    data[24:28] = struct.pack("<I", rate_hz)
    path.write_bytes(data)
    assert isinstance(outcome(path), AudioError)


def _small(tmp: Path) -> dict[str, bytes]:
    kinds = [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame")]
    kinds += [("a.opus", "libopus"), ("a.m4a", "aac"), ("a.mka", "flac"), ("a.aiff", "pcm_s16be")]
    return {
        name: encode(tmp / name, codec, 16_000, seconds=0.25).read_bytes() for name, codec in kinds
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _small(tmp_path_factory.mktemp("small"))


KINDS = ["a.wav", "a.flac", "a.mp3", "a.opus", "a.m4a", "a.mka", "a.aiff"]


@pytest.mark.parametrize("name", KINDS)
def test_cut_at_every_few_bytes(tmp_path: Path, small: dict[str, bytes], name: str) -> None:
    whole = small[name]
    path = tmp_path / name
    cuts = [*range(1, min(len(whole), 300), 7), *range(300, len(whole), 97)]
    lengths = []
    for cut in cuts:
        path.write_bytes(whole[:cut])
        found = outcome(path)
        lengths.append(0 if isinstance(found, AudioError) else found[0])
    assert max(lengths) <= 0.4 * RATE_HZ
    path.write_bytes(whole)
    assert not isinstance(outcome(path), AudioError)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_overwritten_bytes(tmp_path: Path, small: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(KINDS))
    content = bytearray(small[name])
    for _ in range(data.draw(st.integers(1, 4))):
        # Half of the damage is in the header, where it has the most effect.
        end = data.draw(st.sampled_from([100, len(content)]))
        start = data.draw(st.integers(0, end - 1))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        content[start : start + len(patch)] = patch
    (tmp_path / name).write_bytes(content)
    outcome(tmp_path / name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(min_size=1, max_size=3_000),
    start=st.sampled_from([b"", b"RIFF\xff\xff\xff\xffWAVEfmt ", b"fLaC", b"OggS\0", b"ID3\x04"]),
    ending=st.sampled_from(["", ".mp3", ".wav", ".m4a", ".aac", ".gsm", ".g722", ".mpg"]),
)
def test_random_bytes(tmp_path: Path, content: bytes, start: bytes, ending: str) -> None:
    path = tmp_path / f"random{ending}"
    path.write_bytes(start + content)
    outcome(path)
