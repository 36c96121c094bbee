"""`python -m handsynth.dials`: the dials of the studio's page, as its sources take them."""

from handsynth.dials.studio import studio_json

print(studio_json(), end="")
