"""Reading films and stills. Pixels leave this package as `RawFrame`, which cannot be saved."""

from voirie.media.frames import RawFrame
from voirie.media.stills import Still, list_stills, read_still
from voirie.media.video import Video, VideoFacts

__all__ = ["RawFrame", "Still", "Video", "VideoFacts", "list_stills", "read_still"]
