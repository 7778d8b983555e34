"""Train the encoder, then the editor, against the clock.

    python train.py CACHE OUT --weights model.bin --phase encoder --minutes 90
    python train.py CACHE OUT --phase editor --minutes 18

Every schedule is a function of elapsed over granted time, because the machine is shared:
the learning rate reaches zero exactly when the time is up.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import deque
from pathlib import Path

import torch
from data import Cache, Loader, plain_batches
from editor import Editor, EditorSize
from encoder import Encoder, EncoderSize, load_whisper
from losses import Confusions, audio_rows, drafts, editor_logits, editor_loss, encoder_loss
from text import collapse, word_errors
from torch import nn
from weights import read_ct2


class Average:
    """Exponential average of the weights: measures better than the last step."""

    def __init__(self, modules: list[nn.Module], decay: float) -> None:
        self.live = [p for m in modules for p in m.parameters()]
        self.mean = [p.detach().clone() for p in self.live]
        self.decay, self.steps = decay, 0

    def update(self) -> None:
        """After an optimiser step."""
        self.steps += 1
        d = min(self.decay, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(self.mean, self.live, 1 - d)

    def swap(self) -> None:
        """Exchange live and mean weights; call twice to measure."""
        with torch.no_grad():
            for p, m in zip(self.live, self.mean, strict=True):
                t = p.detach().clone()
                p.copy_(m)
                m.copy_(t)


def measure(
    encoder: Encoder, editor: Editor, cache: Cache, clips: list[dict]
) -> tuple[float, float]:
    """Word error rates of the draft and of the edited text, in per cent."""
    encoder.eval()
    editor.eval()
    wrong, edited, words = 0, 0, 0
    eos = editor.size.vocab - 1
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for b in plain_batches(cache, clips):
            x, _ = encoder.trunk(b.features, b.mask)
            bpe = encoder.heads(x)
            draft = drafts(bpe, b.mask)
            logits, n = editor_logits(editor, audio_rows(encoder, x, bpe, b.mask), draft, eos)
            best = logits.argmax(-1).tolist()
            for text, d, e, k in zip(b.texts, draft, best, n.tolist(), strict=True):
                got = word_errors(text, cache.tokenizer.decode(d))
                wrong, words = wrong + got[0], words + got[1]
                edited += word_errors(text, cache.tokenizer.decode(collapse(e[:k], eos)))[0]
    encoder.train()
    editor.train()
    return 100 * wrong / max(words, 1), 100 * edited / max(words, 1)


def validation(cache: Cache, seconds: float) -> dict[str, list[dict]]:
    """The parts measured while training, at most `seconds` of each speaker."""
    out = {"dev": cache.part("dev")}
    for name in ("strangers", "voices"):
        spent: dict[str, float] = {}
        picked = []
        for c in sorted(cache.part(name), key=lambda c: c["path"][::-1]):
            n = c["at_1.0"][1] / 100
            group = c["speaker"].split("+")[0] if name == "voices" else c["speaker"]
            if spent.get(group, 0) + n <= (seconds if name == "strangers" else seconds / 2):
                spent[group] = spent.get(group, 0) + n
                picked.append(c)
        out[name] = picked
    return out


def groups(encoder: Encoder, editor: Editor, a: argparse.Namespace) -> list[dict]:
    """Parameter groups: smaller steps for the lower layers, which are right already."""
    rows = [*encoder.post.parameters(), *encoder.row.parameters(), *encoder.row_table.parameters()]
    mine = {id(p) for p in rows}
    edit = [{"params": [*rows, *editor.parameters()], "top": a.editor_lr, "part": "editor"}]
    if a.phase == "editor":
        for p in encoder.parameters():
            p.requires_grad_(id(p) in mine)
        return edit
    out = list(edit)
    for m in (encoder.conv1, encoder.conv2):
        for p in m.parameters():
            p.requires_grad_(False)
            mine.add(id(p))
    top = len(encoder.layers) - 1
    for i, layer in enumerate(encoder.layers):
        ps = list(layer.parameters())
        mine |= {id(p) for p in ps}
        if i < a.freeze:
            layer.requires_grad_(False)
            continue
        out.append({"params": ps, "top": a.lr * 0.85 ** (top - i), "part": "trunk"})
    norm = list(encoder.norm.parameters())
    mine |= {id(p) for p in norm}
    out.append({"params": norm, "top": a.lr, "part": "trunk"})
    rest = [p for p in encoder.parameters() if id(p) not in mine]
    out.append({"params": rest, "top": a.head_lr, "part": "heads"})
    return out


def main() -> None:
    """Train one phase."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cache", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--weights", type=Path)
    ap.add_argument("--phase", choices=("encoder", "editor"), default="encoder")
    ap.add_argument("--minutes", type=float, required=True)
    ap.add_argument("--rows", type=int, default=2600)
    ap.add_argument("--lr", type=float, default=1.5e-4)
    ap.add_argument("--head-lr", type=float, default=8e-4)
    ap.add_argument("--editor-lr", type=float, default=6e-4)
    ap.add_argument("--heads-only", type=float, default=0.025, help="share of the time")
    ap.add_argument("--editor-from", type=float, default=0.4, help="share of the time")
    ap.add_argument("--warm", type=int, default=150, help="steps of warm-up")
    ap.add_argument("--freeze", type=int, default=0, help="lower layers left as they are")
    ap.add_argument("--every", type=float, default=8.0, help="minutes between measurements")
    ap.add_argument("--fresh-editor", action="store_true", help="begin with a new editor")
    ap.add_argument("--replay", type=int, default=2, help="old batches to one new, editor phase")
    ap.add_argument("--strength", type=float, default=1.0)
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    start = time.time()
    torch.set_num_threads(2)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    cache = Cache(a.cache)
    vocab = cache.tokenizer.get_vocab_size()
    encoder, editor = Encoder(EncoderSize(vocab=vocab)), Editor(EditorSize(vocab=vocab))
    with torch.no_grad():
        encoder.row_table.weight.copy_(editor.table.T * editor.size.dim**0.5)
    last = a.out / "last.pt"
    if last.exists():
        state = torch.load(last)
        if a.fresh_editor:
            rows = {k: v for k, v in encoder.state_dict().items() if k.startswith(("row", "post"))}
            state["encoder"] |= rows
        else:
            editor.load_state_dict(state["editor"])
        encoder.load_state_dict(state["encoder"])
    else:
        load_whisper(encoder, read_ct2(a.weights), torch.load(a.cache / "mix.pt"))
    lines = (a.cache / "sentences.txt").read_text().splitlines()
    lines += [c["text"] for c in cache.part("train") if c["kind"] != "keyword"]
    sentences = [e.ids for e in cache.tokenizer.encode_batch(lines)]
    sentences = [s for s in sentences if 4 < len(s) < 100]
    opt = torch.optim.AdamW(groups(encoder, editor, a), lr=0.0, weight_decay=0.01, fused=True)
    params = [p for g in opt.param_groups for p in g["params"]]
    mean = Average([encoder, editor], 0.998)
    confusions = Confusions(vocab, a.seed)
    parts = validation(cache, 60)
    encoder.train()
    editor.train()
    log, step, measured, sums = a.out / "log.jsonl", 0, time.time(), [0.0] * 4

    def save(note: str) -> None:
        mean.swap()
        row = {"phase": a.phase, "minutes": round((time.time() - start) / 60, 1), "step": step}
        for name, clips in parts.items():
            row[name] = [round(x, 2) for x in measure(encoder, editor, cache, clips)]
        n = max(sums[3], 1)
        row |= {"loss": [round(s / n, 3) for s in sums[:3]], "epoch": loader.epoch}
        state = {"encoder": encoder.state_dict(), "editor": editor.state_dict(), "row": row}
        torch.save(state, a.out / f"{a.phase}_{note}.pt")
        torch.save(state, a.out / "last.pt")
        mean.swap()
        with log.open("a") as f:
            f.write(json.dumps(row) + "\n")
        print(row, flush=True)
        sums[:] = [0.0] * 4

    def edited(seen: tuple) -> torch.Tensor:
        extra = rng.sample(sentences, max(2, len(seen[3]) // 2))
        with torch.autocast("cpu", torch.bfloat16):
            return editor_loss(encoder, editor, seen, extra, confusions)

    def update(total: torch.Tensor) -> None:
        opt.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_([p for p in params if p.grad is not None], 1.0)
        opt.step()
        mean.update()

    buffer: deque = deque(maxlen=350)
    loader = Loader(cache, a.rows, a.seed + int(last.exists()), a.strength)
    for b in loader:
        share = (time.time() - start) / (60 * a.minutes)
        if share >= 1:
            break
        heads_only = a.phase == "encoder" and share < a.heads_only and not last.exists()
        editing = a.phase == "editor" or share > a.editor_from
        shape = min(1.0, (step + 1) / a.warm) * 0.5 * (1 + math.cos(math.pi * min(share, 1)))
        for g in opt.param_groups:
            g["lr"] = g["top"] * shape
            if heads_only:
                g["lr"] = 2e-3 if g["part"] == "heads" else 0.0
        freeze = heads_only or a.phase == "editor"
        with torch.autocast("cpu", torch.bfloat16):
            with torch.set_grad_enabled(not freeze):
                x, char = encoder.trunk(b.features, b.mask)
            with torch.set_grad_enabled(a.phase != "editor"):
                bpe = encoder.heads(x)
        total = torch.zeros(())
        if a.phase == "encoder":
            tokens, chars = encoder_loss(bpe, char, b.mask, b.texts, b.ids)
            total = tokens + 0.3 * chars
            sums[0], sums[1] = sums[0] + tokens.item(), sums[1] + chars.item()
        seen = (x.detach(), bpe.detach(), b.mask, b.ids)
        if editing:
            confusions.add(bpe, b.mask)
            edit = edited(seen)
            total, sums[2] = total + edit, sums[2] + edit.item()
        update(total)
        step, sums[3] = step + 1, sums[3] + 1
        if a.phase == "editor":  # the frozen encoder's rows stay true: use them again
            buffer.append(seen)
            for old in rng.choices(buffer, k=a.replay if step > 20 else 0):
                update(edited(old))
        if step % 50 == 0:
            n = sums[3]
            print(step, round(share, 3), [round(s / n, 3) for s in sums[:3]], flush=True)
        if time.time() - measured > 60 * a.every:
            save(f"{step:05d}")
            measured = time.time()
    save("final")


if __name__ == "__main__":
    main()
