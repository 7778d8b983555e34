"""Find words that the editor must not write next because they were repeated too often.

A decoder that writes likely continuations can get caught in a loop ("of the Lord of the Lord of the
Lord ..."), most easily in noise. So greedy decoding follows a rule here: a phrase that stands there
three times in a row does not begin a fourth time, and a single word that stands there four times
("0 0 0 0") is not written a fifth time. Capitals and signs do not count. The rule depends only on
the tokens before, so it is the same rule whether the tokens are written one by one or confirmed in
passes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LONGEST = 16
"""The longest phrase that is searched for, in tokens."""
MOST_WORD = 4
MOST_PHRASE = 3


class Repetition(nn.Module):
    """Finds repeated phrases before each of several places of a text."""

    def __init__(self, letters: list[int], is_word: list[bool], filler: int) -> None:
        """Store the tokens of each word.

        Args:
            letters: The same number for tokens that differ in capitals alone.
            is_word: False for signs, which are passed over.
            filler: A token that is never written anyway.
        """
        super().__init__()
        self.filler = filler
        forms: dict[int, list[int]] = {}
        for token, (number, word) in enumerate(zip(letters, is_word, strict=True)):
            if word:
                forms.setdefault(number, []).append(token)
        most = max((len(same) for same in forms.values()), default=1)
        table = torch.full((len(letters), most), filler, dtype=torch.int32)
        for same in forms.values():
            table[same, : len(same)] = torch.tensor(same, dtype=torch.int32)
        self.register_buffer("forms", table)
        self.register_buffer("is_word", torch.tensor(is_word))
        sizes = torch.arange(1, LONGEST + 1)
        self.register_buffer("sizes", sizes[:, None])
        most_times = torch.where(sizes == 1, MOST_WORD, MOST_PHRASE)
        # The number of words in a row that must equal the word one phrase before.
        self.register_buffer("equal", ((most_times - 1) * sizes)[:, None])

    def forward(self, tokens: Tensor, places: Tensor) -> Tensor:
        """Return the tokens that must not be written at each place.

        Args:
            tokens: The text without its beginnings [n].
            places: How many of the tokens stand before each place [p].

        Returns:
            Token ids [p, s], `filler` where there is nothing to forbid.
        """
        is_word = self.is_word[tokens]
        zero = torch.zeros(1, dtype=torch.int64)
        before = torch.cat((zero, torch.cumsum(is_word.to(torch.int64), dim=0)))[places]
        # One word in front, so that a text without words can be looked up, too.
        words = torch.cat((zero + self.filler, tokens[is_word]))
        spelled = self.forms[words][:, 0].to(torch.int64)
        index = torch.arange(2048)[: words.shape[0]]
        earlier = index[None] - self.sizes
        same = (spelled[None] == spelled[torch.clamp(earlier, min=0)]) & (earlier > 0)
        # How often words were equal up to each place; the word in front never is.
        count = torch.cumsum(same.to(torch.int64), dim=1)
        end = before[None].expand(LONGEST, -1)
        begin = end - self.equal
        run = count.gather(1, end) - count.gather(1, torch.clamp(begin, min=0))
        again = torch.clamp(end + 1 - self.sizes, min=0)
        forms = self.forms[words[again]].to(torch.int64)
        none = torch.full_like(forms, self.filler)
        forbidden = torch.where((run == self.equal)[:, :, None], forms, none)
        return forbidden.transpose(0, 1).reshape(-1, LONGEST * int(self.forms.shape[1]))
