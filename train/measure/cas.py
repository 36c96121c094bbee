"""Classification accuracy score: train on synthetic, test on real (Ravuri and Vinyals 2019)."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from train.lookalikes import accuracy
from train.measure.bench import Bench
from train.measure.reading import real_ink
from train.measure.report import Section
from train.measure.row import Row, balanced, balanced_of, bootstrap
from train.model import Reader

CHANNELS, WIDTH, BATCH = (16, 32, 64), 64, 128


def classifier_right(
    ink: np.ndarray, codes: np.ndarray, test: np.ndarray, test_codes: np.ndarray, epochs: int, seed: int
) -> np.ndarray:
    """Case-merged hits [n] on `test` of a small classifier trained on `ink`, both f32 [_, H, H].

    Shifts of up to 2 px are its only augmentation.
    """
    charset = [chr(c) for c in np.unique(codes)]
    look = {ord(c): i for i, c in enumerate(charset)}
    label = torch.tensor([look[int(c)] for c in codes])
    images = torch.from_numpy(ink)
    torch.manual_seed(seed)
    model = Reader(len(charset), CHANNELS, WIDTH, ink.shape[1]).train()
    steps = epochs * (len(ink) // BATCH or 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps + 1)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        rows = torch.randint(len(ink), (min(BATCH, len(ink)),), generator=generator)
        dx, dy = torch.randint(-2, 3, (2,), generator=generator).tolist()
        logits, _ = model(images[rows].roll((dy, dx), (1, 2)))
        loss = F.cross_entropy(logits, label[rows], label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(torch.from_numpy(test[i : i + 512]))[0] for i in range(0, len(test), 512)]).numpy()
    right: np.ndarray = accuracy(scores, np.array([look[int(c)] for c in test_codes]), charset)[1].astype(float)
    return right


def accuracy_score(
    synthetic: np.ndarray, other: np.ndarray, codes: np.ndarray, test: np.ndarray, test_codes: np.ndarray,
    writers: np.ndarray, epochs: int, seeds: int,
) -> list[Row]:  # fmt: skip
    """Rows in per cent: trained on as many real glyphs `other`, on `synthetic` (same `codes`), and their ratio.

    Intervals over writers of the hits averaged over the seeds; the note gives each seed's ratio.
    """
    hits = {
        name: np.array([classifier_right(ink, codes, test, test_codes, epochs, seed) for seed in range(seeds)])
        for name, ink in (("real", other), ("synthetic", synthetic))
    }
    mean = {name: value.mean(0) for name, value in hits.items()}
    chance = 100 * np.unique(test_codes, return_counts=True)[1].max() / len(test_codes)
    rows = []
    for name, title in (("real", "trained on real writing"), ("synthetic", "trained on samples")):
        right = mean[name]
        low, high = bootstrap(balanced_of(right, test_codes, writers), writers, 300)
        value = 100 * balanced(right, test_codes, writers)
        rows.append(Row(f"{title}, {seeds} seeds", value, 100 * low, 100 * high, ceiling=float(chance), unit="%"))

    def ratio(i: np.ndarray) -> float:
        keys = test_codes[i], writers[i]
        return balanced(mean["synthetic"][i], *keys) / max(1e-9, balanced(mean["real"][i], *keys))

    low, high = bootstrap(ratio, writers, 300)
    whole = 100 * ratio(np.arange(len(test)))
    rows.append(Row("samples relative to real", whole, 100 * low, 100 * high, floor=100.0, unit="%"))
    return rows


def classification(bench: Bench) -> Section:
    effort = bench.effort
    count = {
        int(c): min(effort.each, int((bench.data.codepoints[bench.people] == c).sum())) for c in np.unique(bench.codes)
    }
    random = np.random.Generator(np.random.Philox(key=bench.seed + 1))
    picked = np.concatenate(
        [random.permutation(bench.people[bench.data.codepoints[bench.people] == c])[:n] for c, n in count.items()]
    )
    codes = np.asarray(bench.data.codepoints)[picked]
    drawn = bench.subject.draw(codes, 1.0, bench.seed + 1)
    rows = accuracy_score(
        drawn, real_ink(bench.data, picked), codes, bench.real, bench.codes, bench.writers, effort.epochs, effort.seeds
    )
    bench.found["cas"] = rows[-1].value
    words = (
        f"A small classifier is trained on {len(codes):,} samples (temperature 1) or as many real glyphs of training "
        "writers, and tested, case-merged, on the test writers (classification accuracy score: "
        "Ravuri and Vinyals 2019)."
    )
    return Section("Train on samples, test on real", words, rows)
