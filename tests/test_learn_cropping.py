"""A sheet that lies on a desk is cut out of the photo; where none stands out, the photo stays as it is."""

import numpy as np
import pytest
from PIL import Image

from handsynth.learning.cropping import cropped_to_sheet


@pytest.mark.parametrize("size", [(40, 30), (600, 400)])
def test_a_picture_of_paper_alone_is_left_as_it_is(size):
    paper = Image.effect_noise(size, 8).point([min(value + 100, 255) for value in range(256)])
    assert cropped_to_sheet(paper) is paper


def test_a_sheet_is_cut_out_and_what_is_around_it_is_made_like_it():
    photo = Image.new("L", (900, 600), 60)
    photo.paste(Image.linear_gradient("L").resize((640, 400)).point([v // 3 + 160 for v in range(256)]), (100, 80))
    cut = np.asarray(cropped_to_sheet(photo.rotate(6, fillcolor=60)))
    assert cut.min() > 140 and 640 < cut.shape[1] < 720 and 400 < cut.shape[0] < 500
