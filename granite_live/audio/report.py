"""Describe damage in a file that could still be read, in sentences for the user."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class DamageReport:
    """Counts what was left out or replaced while a file was decoded."""

    name: str
    damaged_pieces: int = 0
    first_damage_s: float = 0.0
    unreadable_from_s: float | None = None
    reason: str = ""
    not_numbers: int = 0
    gap_s: float = 0.0
    first_gap_s: float = 0.0
    end_is_missing: bool = False
    missing_s: float = 0.0
    header_s: float | None = None
    jumps: int = 0
    first_jump_s: float = 0.0
    read_s: float = 0.0
    is_finished: bool = False

    def add_damage(self, at_s: float, reason: str) -> None:
        """Count a piece that could not be decoded."""
        if not self.damaged_pieces:
            self.first_damage_s = at_s
            self.reason = reason
        self.damaged_pieces += 1

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each kind of damage found so far."""
        found = []
        if self.damaged_pieces:
            pieces = "1 piece" if self.damaged_pieces == 1 else f"{self.damaged_pieces} pieces"
            found.append(
                f"{self.name} is damaged: {pieces} of it could not be decoded, the first at "
                f"{clock(self.first_damage_s)}; the rest was read."
            )
        if self.gap_s:
            found.append(
                f"{self.name} holds no sound for {self.gap_s:.1f} s from "
                f"{clock(self.first_gap_s)} on; silence stands there to keep the times right."
            )
        if self.not_numbers:
            found.append(
                f"{self.name} holds {self.not_numbers} samples that are not numbers; "
                f"silence took their place."
            )
        if self.unreadable_from_s is not None:
            found.append(
                f"{self.name} cannot be read beyond {clock(self.unreadable_from_s)} "
                f"({self.reason}); everything before was read."
            )
        elif self.end_is_missing:
            missing = "its end is missing"
            if self.missing_s:
                missing = f"the last {self.missing_s:.1f} s are missing"
            found.append(
                f"{self.name} was cut off: {missing}, as after a crash or a broken "
                f"copy; everything up to {clock(self.read_s)} was read."
            )
        if self.is_finished and not self.read_s:
            found.append(f"{self.name} holds no sound: it is 0 seconds long.")
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """Return one sentence for each irregularity that lost nothing."""
        found = []
        if self.header_s is not None:
            found.append(
                f"{self.name}: its header tells of {clock(self.header_s)} of sound, but the file "
                f"holds more; all of it was read."
            )
        if self.jumps:
            times = "once" if self.jumps == 1 else f"{self.jumps} times"
            found.append(
                f"{self.name}: its clock jumps {times}, first at {clock(self.first_jump_s)}, as "
                f"where recordings were joined; the times go on without a break."
            )
        return tuple(found)


def clock(time_s: float) -> str:
    """Format a time as `1:02:03.4`, or `2:03.4` below an hour."""
    tenths = round(time_s * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
