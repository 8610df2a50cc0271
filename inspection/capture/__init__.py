"""From a film or a folder of stills to the frames that are kept."""
