"""A package that only the layer has."""

import os

NAME = "the layer"
GREETING = os.environ.get("GREETING")  # as it was when this was imported
