"""A package that only the layer has."""

NAME = "the layer"
