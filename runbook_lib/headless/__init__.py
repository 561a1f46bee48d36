"""Runs the notebooks without a person: checked parameters, one warm kernel, a folder that appears whole."""
