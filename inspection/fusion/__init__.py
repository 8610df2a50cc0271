"""From views in many frames to one finding per thing, with its place, size and severity."""
