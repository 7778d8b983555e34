"""The Qt front end. No other package imports Qt."""
