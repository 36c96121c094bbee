"""Contact sheets of what a model draws, saved after every epoch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from handsynth.files import atomic_path
from train.model import CVAE

SHOWN = "AaBbeGgkMQRrSstwxy2358&?@ÄéñßŁ"


@torch.no_grad()
def draw_hands(model: CVAE, chars: list[int], hands: int, seed: int, temperature: float = 1.0) -> np.ndarray:
    """Fields float32 [hands, len(chars), H, H]: one hand drawn from p(s) a row, every glyph with its own v."""
    device = model.style_mean.device
    generator = torch.Generator().manual_seed(seed)
    config = model.config
    style = model.draw_style(torch.randn(hands, config.style, generator=generator).to(device))
    style = style.repeat_interleave(len(chars), 0)
    noise = torch.randn(hands * len(chars), config.variation, generator=generator).to(device) * temperature
    char = torch.tensor(chars, device=device).repeat(hands)
    field = model.decoder.field(char, style, model.draw_variation(char, style, noise))
    return field.float().cpu().numpy().reshape(hands, len(chars), *field.shape[1:])


def contact_sheet(ink: np.ndarray, path: Path, scale: int = 1) -> None:
    """Save uint8 [rows, columns, H, H], 255 = ink, as one black-on-white PNG."""
    rows, columns, h, w = ink.shape
    image = Image.fromarray(255 - ink.transpose(0, 2, 1, 3).reshape(rows * h, columns * w))
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        image.resize((image.width * scale, image.height * scale)).save(temporary, "PNG")


def sample_grid(model: CVAE, path: Path, hands: int = 12, seed: int = 7) -> None:
    """One hand a row over some characters of the charset, always from the same noise."""
    chars = [model.charset.index(c) for c in SHOWN if c in model.charset] or list(range(min(24, len(model.charset))))
    field = draw_hands(model, chars, hands, seed)
    contact_sheet((np.clip(field + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8), path)
