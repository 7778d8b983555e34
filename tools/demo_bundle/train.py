"""Train encoder and editor together within a given time.

    python train.py CACHE OUT --weights model.bin --minutes 90

Every schedule is a function of elapsed over granted time, because the machine is shared:
the learning rate reaches zero exactly when the time is up. A run goes on from OUT/last.pt.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import torch
from data import Cache, Loader, plain_batches
from editor import Editor, EditorSize, load_decoder
from encoder import Encoder, EncoderSize, load_whisper
from losses import Confusions, drafts, editor_logits, editor_loss, encoder_loss, heard
from text import collapse, word_errors
from torch import nn
from weights import read_ct2


class Average:
    """Exponential average of the weights; it measures better than the last step."""

    def __init__(self, modules: list[nn.Module], decay: float) -> None:
        self.live = [p for m in modules for p in m.parameters()]
        self.mean = [p.detach().clone() for p in self.live]
        self.decay, self.steps = decay, 0

    def update(self) -> None:
        """Update after an optimizer step."""
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
    """Return the word error rates of the draft and of the edited text, in percent."""
    encoder.eval()
    editor.eval()
    wrong, edited, words = 0, 0, 0
    eos = editor.size.vocab - 1
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for b in plain_batches(cache, clips):
            x, _ = encoder.trunk(b.features, b.mask)
            bpe = encoder.heads(x, b.mask)
            draft = drafts(bpe, b.mask)
            where, count = heard(encoder, bpe, b.mask, x.shape[1])
            given, n = editor_logits(editor, x, where, count, draft)
            best = given[-1].argmax(-1).tolist()
            for text, d, e, k in zip(b.texts, draft, best, n.tolist(), strict=True):
                got = word_errors(text, cache.tokenizer.decode(d))
                wrong, words = wrong + got[0], words + got[1]
                edited += word_errors(text, cache.tokenizer.decode(collapse(e[:k], eos)))[0]
    encoder.train()
    editor.train()
    return 100 * wrong / max(words, 1), 100 * edited / max(words, 1)


def validation(cache: Cache, seconds: float) -> dict[str, list[dict]]:
    """Return the parts measured during training, at most `seconds` of each speaker."""
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
    """Return parameter groups: smaller steps for Whisper's weights, larger ones for new weights."""
    new = {n for n, _ in editor.named_parameters() if {"kind", "slope", "again"} & {*n.split(".")}}
    edit = [p for n, p in editor.named_parameters() if n not in new]
    fresh = [p for n, p in editor.named_parameters() if n in new]
    out = [
        {"params": edit, "top": a.editor_lr, "part": "editor"},
        {"params": fresh, "top": 10 * a.editor_lr, "part": "editor"},
    ]
    top = len(encoder.layers)
    stages = [(encoder.conv1, 0), (encoder.conv2, 0), (encoder.norm, top)]
    stages += [(layer, i) for i, layer in enumerate(encoder.layers, 1)]
    mine: set[int] = set()
    for module, height in stages:
        ps = list(module.parameters())
        mine |= {id(p) for p in ps}
        if (
            height <= a.freeze - 1
        ):  # The lowest layers are good already; freezing them saves a tenth of the time.
            module.requires_grad_(False)
            continue
        out.append({"params": ps, "top": a.lr * 0.85 ** (top - height), "part": "trunk"})
    deep = list(encoder.head.parameters())
    mine |= {id(p) for p in deep}
    out.append({"params": deep, "top": a.head_lr, "part": "deep"})
    rest = [p for p in encoder.parameters() if id(p) not in mine]
    out.append({"params": rest, "top": a.head_lr, "part": "heads"})
    return out


def options() -> argparse.Namespace:
    """Parse the command line."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("cache", type=Path)
    ap.add_argument("out", type=Path)
    ap.add_argument("--weights", type=Path)
    ap.add_argument("--minutes", type=float, required=True)
    ap.add_argument("--rows", type=int, default=2000)
    ap.add_argument("--lr", type=float, default=8e-5)
    ap.add_argument("--head-lr", type=float, default=5e-4)
    ap.add_argument("--editor-lr", type=float, default=1e-4)
    ap.add_argument("--heads-only", type=float, default=2.0, help="minutes")
    ap.add_argument("--warm", type=int, default=150, help="steps of warm-up")
    ap.add_argument("--freeze", type=int, default=0, help="1: convolutions; 2: and a layer; ...")
    ap.add_argument("--every", type=float, default=10.0, help="minutes between measurements")
    ap.add_argument("--strength", type=float, default=0.8, help="of the spoiling of sound")
    ap.add_argument("--seed", type=int, default=1)
    a = ap.parse_args()
    a.first = {"heads": 2e-3, "deep": 4e-4}  # learning rates while Whisper stays as it is
    return a


def models(a: argparse.Namespace, cache: Cache) -> tuple[Encoder, Editor]:
    """Return both models, from Whisper or from OUT/last.pt."""
    vocab = cache.tokenizer.get_vocab_size()
    encoder, editor = Encoder(EncoderSize(vocab=vocab)), Editor(EditorSize(vocab=vocab))
    last = a.out / "last.pt"
    if last.exists():
        state = torch.load(last)
        encoder.load_state_dict(state["encoder"])
        editor.load_state_dict(state["editor"])
        return encoder, editor
    load_whisper(encoder, read_ct2(a.weights), torch.load(a.cache / "mix.pt"))
    ids = json.loads((a.cache / "whisper_ids.json").read_text())
    load_decoder(editor, read_ct2(a.weights, "decoder/"), ids)
    return encoder, editor


def main() -> None:
    """Train until the time is up."""
    a = options()
    start = time.time()
    torch.set_num_threads(2)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    cache = Cache(a.cache)
    resumed = (a.out / "last.pt").exists()
    encoder, editor = models(a, cache)
    opt = torch.optim.AdamW(groups(encoder, editor, a), lr=0.0, weight_decay=0.01, fused=True)
    params = [p for g in opt.param_groups for p in g["params"]]
    mean = Average([encoder, editor], 0.998)
    confusions = Confusions(cache.tokenizer.get_vocab_size(), a.seed)
    parts = validation(cache, 60)
    encoder.train()
    editor.train()
    log, step, warmed = a.out / "log.jsonl", 0, 0
    measured, sums = time.time(), [0.0] * 4

    def save(note: str) -> None:
        mean.swap()
        row = {"minutes": round((time.time() - start) / 60, 1), "step": step}
        for name, clips in parts.items():
            row[name] = [round(x, 2) for x in measure(encoder, editor, cache, clips)]
        n = max(sums[3], 1)
        row |= {"loss": [round(s / n, 3) for s in sums[:3]], "epoch": loader.epoch}
        state = {"encoder": encoder.state_dict(), "editor": editor.state_dict(), "row": row}
        torch.save(state, a.out / f"{note}.pt")
        torch.save(state, a.out / "last.pt")
        mean.swap()
        with log.open("a") as f:
            f.write(json.dumps(row) + "\n")
        print(row, flush=True)
        sums[:] = [0.0] * 4

    loader = Loader(cache, a.rows, a.seed + int(resumed), a.strength)
    for b in loader:
        minutes = (time.time() - start) / 60
        share = minutes / a.minutes
        if share >= 1:
            break
        heads_only = minutes < a.heads_only and not resumed
        warmed += not heads_only
        shape = min(1.0, warmed / a.warm) * 0.5 * (1 + math.cos(math.pi * min(share, 1)))
        for g in opt.param_groups:
            g["lr"] = g["top"] * shape
            if heads_only:
                g["lr"] = min(1, (step + 1) / 20) * a.first.get(g["part"], 0.0)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.set_grad_enabled(not heads_only):
                x, char = encoder.trunk(b.features, b.mask)
            said = encoder.listen(x, b.mask)
            bpe = said[-1]
        tokens, chars = encoder_loss(said, char, b.mask, b.texts, b.ids)
        confusions.add(bpe, b.mask)
        total = tokens + 0.3 * chars
        if not heads_only:
            with torch.autocast("cpu", torch.bfloat16):
                edit = editor_loss(encoder, editor, (x, bpe, b.mask, b.ids), confusions)
            total = total + edit
            sums[2] += edit.item()
        sums[0], sums[1] = sums[0] + tokens.item(), sums[1] + chars.item()
        opt.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_([p for p in params if p.grad is not None], 1.0)
        opt.step()
        mean.update()
        step, sums[3] = step + 1, sums[3] + 1
        if step % 50 == 0:
            n = sums[3]
            print(step, round(share, 3), [round(s / n, 3) for s in sums[:3]], flush=True)
        if time.time() - measured > 60 * a.every:
            save(f"{step:05d}")
            measured = time.time()
    save("final")


if __name__ == "__main__":
    main()
