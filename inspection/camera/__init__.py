"""The camera: its model, its pose in each frame, the horizon it is found from."""
